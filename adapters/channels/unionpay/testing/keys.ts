import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Certificates as openssl makes them: a root, an intermediate of it, and what the intermediate signs. Valid for all of
// this half of the century, whatever day it is on the machine.

export type Issued = { privateKeyPem: string; certificatePem: string }

const SIGNER = '041@Z12@中国银联股份有限公司@00000000'
const LIFE = { from: '20200101000000Z', to: '20491231000000Z' }

/** Everything a test of trust needs. Made anew by each test file that asks; takes a second or two. */
export function makeKeys() {
  const root = issue('Test CFCA CS CA', null, { isAuthority: true })
  const middle = issue('Test CFCA CS OCA', root, { isAuthority: true })
  return {
    root,
    otherRoot: issue('Test CFCA CS CA', null, { isAuthority: true }),
    middle,
    signer: issue(SIGNER, middle),
    expired: issue(SIGNER, middle, { to: '20260101000000Z' }),
    namesake: issue('041@Z12@中国很联股份有限公司@00000000', middle),
    forged: issue(SIGNER, issue('Test CFCA CS OCA', null, { isAuthority: true })),
    authority: issue(SIGNER, middle, { isAuthority: true }),
    merchant: issue('041@Z2016@merchant@00000001', middle),
  }
}

export type Keys = ReturnType<typeof makeKeys>

/** Signed by itself when there is no issuer. */
function issue(
  name: string,
  issuer: Issued | null,
  { isAuthority = false, to = LIFE.to }: { isAuthority?: boolean; to?: string } = {},
): Issued {
  const dir = mkdtempSync(join(tmpdir(), 'unionpay-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  try {
    writeFileSync(join(dir, 'openssl.cnf'), configOf(isAuthority))
    writeFileSync(join(dir, 'index.txt'), '')
    const request = '-nodes -utf8 -config openssl.cnf -keyout key.pem -out request.pem'
    openssl('req', '-new', '-newkey', 'rsa:2048', '-subj', `/CN=${name}`, ...request.split(' '))
    if (issuer !== null) {
      writeFileSync(join(dir, 'ca.pem'), issuer.certificatePem)
      writeFileSync(join(dir, 'ca-key.pem'), issuer.privateKeyPem)
    }
    const by = issuer === null ? '-selfsign -keyfile key.pem' : '-cert ca.pem -keyfile ca-key.pem'
    const life = `-startdate ${LIFE.from} -enddate ${to}`
    const files = '-config openssl.cnf -in request.pem -out cert.pem'
    openssl('ca', '-batch', '-notext', '-preserveDN', ...`${files} ${life} ${by}`.split(' '))
    return {
      privateKeyPem: readFileSync(join(dir, 'key.pem'), 'utf8'),
      certificatePem: readFileSync(join(dir, 'cert.pem'), 'utf8'),
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const configOf = (isAuthority: boolean) => `
[req]
distinguished_name = name
string_mask = utf8only
[name]
[ca]
default_ca = test
[test]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
basicConstraints = critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}
`
