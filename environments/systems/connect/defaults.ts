/** What Kafka Connect gets when a site says nothing. */
export const CONNECT_DEFAULTS = {
  replicas: 1,
  /** argocd-efd, ncsa-int. */
  heap: "2Gi",
  /** Ours: the heap and what Java takes beside it. */
  resources: { requests: { cpu: "500m", memory: "2560Mi" }, limits: { cpu: "2", memory: "3Gi" } },
  /** Name of the sink into S3. */
  s3Name: "s3-sink",
} as const;
