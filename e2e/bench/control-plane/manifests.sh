# shellcheck shell=bash
# Sourced by `up`, which sets max_pods and kube_version: the YAML that depends on its options.
# shellcheck disable=SC2154

node_yaml() { # NAME CPU MEMORY LABELS (a=b,c=d) INTERNAL_IP
  local label
  cat <<YAML
apiVersion: v1
kind: Node
metadata:
  name: "$1"
  annotations: {kwok.x-k8s.io/node: fake}
  labels:
    kubernetes.io/arch: amd64
    kubernetes.io/os: linux
    kubernetes.io/hostname: "$1"
YAML
  for label in ${4//,/ }; do echo "    ${label%%=*}: \"${label#*=}\""; done
  # ExternalDNS is where kube-apiserver looks for the fake kubelet.
  cat <<YAML
status:
  addresses:
  - {type: InternalIP, address: $5}
  - {type: Hostname, address: "$1"}
  - {type: ExternalDNS, address: localhost}
  capacity: &size {cpu: "$2", memory: "$3", pods: "$max_pods", ephemeral-storage: 75Gi}
  allocatable: *size
  nodeInfo:
    architecture: amd64
    bootID: ""
    containerRuntimeVersion: containerd://2.0.0-fake
    kernelVersion: kwok
    kubeProxyVersion: ""
    kubeletVersion: $kube_version
    machineID: ""
    operatingSystem: linux
    osImage: kwok
    systemUUID: ""
YAML
}

class_yaml() { # NAME PROVISIONER OPTIONS (default, Retain, Immediate, separated by :)
  local default=false reclaim=Delete binding=WaitForFirstConsumer grow=false
  case ":$3:" in *:default:*) default=true;; esac
  case ":$3:" in *:Retain:*) reclaim=Retain;; esac
  case ":$3:" in *:Immediate:*) binding=Immediate;; esac
  [ "$2" != pd.csi.storage.gke.io ] || grow=true
  cat <<YAML
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: "$1"
  annotations: {storageclass.kubernetes.io/is-default-class: "$default"}
provisioner: "$2"
reclaimPolicy: $reclaim
volumeBindingMode: $binding
allowVolumeExpansion: $grow
YAML
}

load_balancer_stage() { # IP...: what k3s's ServiceLB or a cloud gives a Service
  cat <<YAML
---
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: {name: service-lb}
spec:
  resourceRef: {apiGroup: v1, kind: Service}
  selector:
    matchExpressions:
    - cel:
        expression: >-
          !has(self.metadata.deletionTimestamp) && self.spec.type == 'LoadBalancer'
          && !(has(self.status.loadBalancer) && has(self.status.loadBalancer.ingress))
  steps:
  - patch:
      root: status
      subresource: status
      template: |
        loadBalancer:
          ingress:
$(printf '          - {ip: "%s", ipMode: VIP}\n' "$@")
YAML
}
