// Checks a proof file without Yiqiao: node check-proof.mjs proof.json. Needs Node 20 and nothing else; of signatures by
// SM2 also sm2.mjs beside it. Ends with 0 when the proof holds, with 1 when it does not. See README.md here.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const FIELDS = {
  proof: ['form', 'items', 'head', 'countersignatures'],
  item: ['text', 'leafIndex', 'path'],
  head: ['text', 'algorithm', 'publicKey', 'signature'],
  countersignature: ['applicationId', 'keyId', 'algorithm', 'publicKey', 'signature'],
}

/** What the proof shows. Throws, with the reason, when it does not hold. */
export async function checkProof(bytes) {
  const proof = JSON.parse(bytes.toString('utf8'))
  // One way to write a proof, so that no byte of it can be another.
  must(bytes.equals(Buffer.from(`${JSON.stringify(proof)}\n`)), 'not written as it must be')
  has(proof, 'proof')
  must(proof.form === 'yiqiao/proof/1', 'unknown form of proof')
  must(proof.items.length > 0, 'the proof is of nothing')
  const { head } = proof
  has(head, 'head')
  const [form, hospital, log, treeHash, size, root, , sealedAt, keyId] = JSON.parse(head.text)
  must(form === 'yiqiao/tree-head/1', 'unknown form of head')
  must(await isSigned(head, head.text), 'the signature does not fit the head')
  const digest = createHash('sha256').update(head.publicKey).digest('hex').slice(0, 16)
  must(keyId === `${head.algorithm}-${digest}`, 'the head names another key')
  for (const item of proof.items) {
    has(item, 'item')
    must(
      item.path.every((hash) => /^[0-9a-f]{64}$/.test(hash)),
      'a hash is not 64 digits',
    )
    must(rootFrom(treeHash, item, size) === root, 'the item is not in the tree')
    must(JSON.parse(item.text)[1] === hospital, 'the item is of another hospital')
  }
  for (const signed of proof.countersignatures) {
    has(signed, 'countersignature')
    const text = ['yiqiao/countersignature/1', signed.applicationId, signed.keyId, head.text]
    must(await isSigned(signed, JSON.stringify(text)), 'a countersignature does not fit')
  }
  const countersignedBy = proof.countersignatures.map(({ applicationId }) => applicationId)
  const items = proof.items.map(({ text }) => text)
  return { hospital, log, size, sealedAt, keyId, countersignedBy, items }
}

/** RFC 9162, section 2.1.3.2. */
function rootFrom(treeHash, { text, leafIndex, path }, size) {
  must(treeHash === 'sha256' || treeHash === 'sm3', 'unknown hash')
  must(Number.isSafeInteger(leafIndex) && leafIndex >= 0 && leafIndex < size, 'no such place')
  const hash = (...parts) => createHash(treeHash).update(Buffer.concat(parts)).digest()
  let [at, last, node] = [leafIndex, size - 1, hash(Buffer.of(0), Buffer.from(text))]
  const up = () => ([at, last] = [Math.floor(at / 2), Math.floor(last / 2)])
  for (const beside of path.map((hex) => Buffer.from(hex, 'hex'))) {
    must(last > 0, 'the path is too long')
    if (at % 2 === 1 || at === last) {
      node = hash(Buffer.of(1), beside, node)
      while (at % 2 === 0 && at !== 0) up()
    } else node = hash(Buffer.of(1), node, beside)
    up()
  }
  must(last === 0, 'the path is too short')
  return node.toString('hex')
}

async function isSigned({ algorithm, publicKey, signature }, text) {
  const [bytes, signed] = [Buffer.from(signature, 'base64'), Buffer.from(text)]
  if (bytes.toString('base64') !== signature) return false
  if (algorithm === 'sm2' || algorithm === 'sm2-sm3') {
    return (await import('./sm2.mjs')).isSignedBySm2(publicKey, bytes, signed)
  }
  const key = createPublicKey(publicKey)
  if (key.export({ type: 'spki', format: 'pem' }) !== publicKey) return false
  const kind = { ed25519: 'ed25519', 'rsa-sha256': 'rsa' }[algorithm]
  return (
    key.asymmetricKeyType === kind && verify(kind === 'rsa' ? 'sha256' : null, signed, key, bytes)
  )
}

const has = (value, kind) =>
  must(String(Object.keys(value)) === String(FIELDS[kind]), `odd fields of ${kind}`)

function must(holds, reason) {
  if (!holds) throw new Error(reason)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const shown = await checkProof(readFileSync(process.argv[2] ?? 'proof.json'))
    const word = 'The proof holds, if keyId is the one that was published.'
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n${word}\n`)
  } catch (error) {
    process.stderr.write(`The proof does not hold: ${error.message}\n`)
    process.exitCode = 1
  }
}
