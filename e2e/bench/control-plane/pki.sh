#!/usr/bin/env bash
# pki.sh STATE_DIR API_PORT [CA_DIR]: certificates and kubeconfigs, in the layout of
# k3s's server/tls. Called by `up`. Authorities come from CA_DIR, or are made once.
set -euo pipefail
umask 077
state=$1 port=$2 ca_dir=${3:-}
die() { echo "up: $*" >&2; exit 1; }
mkdir -p "$state/tls"
cd "$state/tls"

if [ -n "$ca_dir" ]; then
  for f in {server-ca,client-ca,request-header-ca}.{crt,key} service.key; do
    [ -s "$ca_dir/$f" ] || die "--ca-dir: $ca_dir/$f is missing or empty"
    cp -f "$ca_dir/$f" "$f"
  done
fi
for ca in server-ca client-ca request-header-ca; do
  [ -s $ca.key ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -days 3650 -subj "/CN=bench-$ca" -keyout $ca.key -out $ca.crt \
    -addext 'basicConstraints=critical,CA:TRUE' \
    -addext 'keyUsage=critical,digitalSignature,keyCertSign,cRLSign' 2>/dev/null
  # The first certificate of the file is the one that signs.
  cmp -s <(openssl x509 -in $ca.crt -noout -pubkey) <(openssl pkey -in $ca.key -pubout) ||
    die "$ca.key does not belong to $ca.crt${ca_dir:+ in $ca_dir}"
  # kube-controller-manager signs with one certificate only; of a chain, the first.
  openssl x509 -in $ca.crt -out $ca.nochain.crt
done
[ -s service.key ] || openssl genrsa -traditional -out service.key 2048 2>/dev/null
# k3s reads one or more keys here and signs with the first.
awk '/-----BEGIN .*PRIVATE KEY-----/ { n++ } n == 1' service.key >service.current.key

leaf() { # NAME AUTHORITY SUBJECT USAGE [SAN]
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  openssl req -new -key "$1.key" -subj "$3" |
    openssl x509 -req -CA "$2.crt" -CAkey "$2.key" -set_serial "0x$(openssl rand -hex 16)" -days 365 \
      -extfile <(
        echo 'basicConstraints=critical,CA:FALSE'
        echo 'keyUsage=critical,digitalSignature'
        echo "extendedKeyUsage=$4"
        [ -z "${5:-}" ] || echo "subjectAltName=$5"
      ) -out "$1.crt" 2>/dev/null
  cat "$2.crt" >>"$1.crt" # the leaf, then the authority's chain
}
leaf serving-kube-apiserver server-ca /CN=kube-apiserver serverAuth \
  DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:10.43.0.1
leaf serving-kubelet server-ca /CN=fake-kubelet serverAuth DNS:localhost,IP:127.0.0.1
leaf client-admin client-ca /O=system:masters/CN=system:admin clientAuth
leaf client-controller client-ca /CN=system:kube-controller-manager clientAuth
leaf client-scheduler client-ca /CN=system:kube-scheduler clientAuth
leaf client-kube-apiserver client-ca /O=system:masters/CN=system:apiserver clientAuth
leaf client-auth-proxy request-header-ca /CN=system:auth-proxy clientAuth

for who in admin controller scheduler; do
  cat >"$state/$who.kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: default
  cluster:
    server: https://127.0.0.1:$port
    certificate-authority-data: $(base64 -w0 <server-ca.crt)
users:
- name: default
  user:
    client-certificate-data: $(base64 -w0 <client-$who.crt)
    client-key-data: $(base64 -w0 <client-$who.key)
contexts:
- name: default
  context: {cluster: default, user: default}
current-context: default
YAML
done
