// Signatures by SM2 with SM3, for check-proof.mjs. Source: GM/T 0003.2, and GM/T 0009 for the usual user id.
import { createHash } from 'node:crypto'

const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const G = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
]
const mod = (a) => ((a % P) + P) % P
const power = (a, e) => (e === 0n ? 1n : mod(power(mod(a * a), e / 2n) * (e % 2n ? a : 1n)))
const over = (a, b) => mod(a * power(mod(b), P - 2n))
const add = (p, q) => {
  if (!p || !q) return p ?? q
  if (p[0] === q[0] && mod(p[1] + q[1]) === 0n) return null
  const isSame = p[0] === q[0]
  const slope = isSame ? over(3n * p[0] * p[0] - 3n, 2n * p[1]) : over(q[1] - p[1], q[0] - p[0])
  const x = mod(slope * slope - p[0] - q[0])
  return [x, mod(slope * (p[0] - x) - p[1])]
}
const times = (k, p) => (k ? add(times(k / 2n, add(p, p)), k % 2n ? p : null) : null)

/** `publicKey`: 04 and both coordinates in hex. `bytes`: a DER sequence of r and s. */
export function isSignedBySm2(publicKey, bytes, signed) {
  if (!/^04[0-9a-f]{128}$/.test(publicKey)) return false
  const end = 4 + bytes[3]
  const isDer = bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && bytes[2] === 2
  if (!isDer || bytes[end] !== 2 || bytes[end + 1] !== bytes.length - end - 2) return false
  const [r, s] = [bytes.subarray(4, end), bytes.subarray(end + 2)].map((part) =>
    number(part.toString('hex')),
  )
  const point = [number(publicKey.slice(2, 66)), number(publicKey.slice(66))]
  const curve = [P - 3n, B, ...G].map((a) => a.toString(16).padStart(64, '0')).join('')
  const sm3 = (...parts) => createHash('sm3').update(Buffer.concat(parts)).digest()
  const who = `0080${Buffer.from('1234567812345678').toString('hex')}${curve}${publicKey.slice(2)}`
  const e = number(sm3(sm3(Buffer.from(who, 'hex')), signed).toString('hex'))
  if (r < 1n || r >= N || s < 1n || s >= N || (r + s) % N === 0n) return false
  const found = add(times(s, G), times((r + s) % N, point))
  return found !== null && (e + found[0]) % N === r
}

const number = (hex) => BigInt(`0x${hex}`)
