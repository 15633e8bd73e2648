#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Certificates to test TLS with, made now: sh certificates.sh FOLDER [ADDRESS…]
# right is signed by ca for localhost, 127.0.0.1 and each ADDRESS, and so is
# rsa, with a key of that kind; of the others each has one fault. client is
# signed by ca; other-ca signs another.
set -e
cd "$1"
shift
names="DNS:localhost,IP:127.0.0.1"
for address in "$@"; do names="$names,IP:$address"; done

key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
    -out "$1.key" 2>/dev/null
}

authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key" -subj "/CN=Test $1" -days 2 \
    -addext keyUsage=keyCertSign -out "$1.pem"
}

# signed NAME AUTHORITY ALTNAMES FROM TO: days from now
signed() {
  [ -f "$1.key" ] || key "$1"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out csr.pem
  : >index.txt
  echo "subjectAltName=$3" >extensions
  printf '[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nnew_certs_dir=.\n%s\n' \
    'default_md=sha256
rand_serial=yes
policy=p
[p]
commonName=supplied' >ca.conf
  openssl ca -batch -notext -config ca.conf -cert "$2.pem" -keyfile "$2.key" \
    -startdate "$(date -u -d "$4 days" +%Y%m%d%H%M%SZ)" \
    -enddate "$(date -u -d "$5 days" +%Y%m%d%H%M%SZ)" \
    -extfile extensions -in csr.pem -out "$1.pem" 2>/dev/null
}

authority ca
authority other-ca
signed right ca "$names" -1 1
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key \
  2>/dev/null
signed rsa ca "$names" -1 1
signed client ca "DNS:client" -1 1
signed wrong-ca other-ca "$names" -1 1
signed wrong-name ca "DNS:elsewhere.invalid,IP:192.0.2.1" -1 1
signed expired ca "$names" -3 -1
signed early ca "$names" 1 3
key self
openssl req -x509 -new -key self.key -subj /CN=self -days 2 \
  -addext "subjectAltName=$names" -out self.pem
rm -f csr.pem index.txt* extensions ca.conf ./[0-9A-F]*.pem serial*
