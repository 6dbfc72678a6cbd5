// SHA-256 as FIPS 180-4 has it. The browser's own is missing on pages that come without TLS, and answers later each time.

const BLOCK_BYTES = 64
const LENGTH_BYTES = 8

export function sha256(message: Uint8Array): Uint8Array {
  const blocks = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES)
  const padded = new Uint8Array(blocks * BLOCK_BYTES)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 4, message.length * 8)
  const hash = Uint32Array.from(START)
  const words = new Uint32Array(ROUNDS.length)
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) addBlock(hash, words, view, at)
  const digest = new DataView(new ArrayBuffer(hash.byteLength))
  hash.forEach((word, i) => digest.setUint32(i * 4, word))
  return new Uint8Array(digest.buffer)
}

const turned = (x: number, by: number) => (x >>> by) | (x << (32 - by))

function addBlock(hash: Uint32Array, w: Uint32Array, view: DataView, at: number): void {
  const word = (i: number) => w[i] ?? 0
  for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(at + i * 4)
  for (let i = 16; i < w.length; i += 1) {
    const x = word(i - 15)
    const y = word(i - 2)
    const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)
    const s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10)
    w[i] = word(i - 16) + s0 + word(i - 7) + s1
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let i = 0; i < w.length; i += 1) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const one = h + s1 + ((e & f) ^ (~e & g)) + (ROUNDS[i] ?? 0) + word(i)
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c))
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  for (const [i, x] of [a, b, c, d, e, f, g, h].entries()) hash[i] = (hash[i] ?? 0) + x
}

/** The first primes, of whose roots the constants are the first bits after the point. */
const PRIMES = Array.from({ length: 312 }, (_, i) => i).filter(
  (n) => n > 1 && !Array.from({ length: n }, (_, k) => k).some((k) => k > 1 && n % k === 0),
)
const bitsAfterPoint = (x: number) => Math.floor((x - Math.floor(x)) * 2 ** 32)
const START = PRIMES.slice(0, 8).map((p) => bitsAfterPoint(Math.sqrt(p)))
const ROUNDS = Uint32Array.from(PRIMES, (p) => bitsAfterPoint(Math.cbrt(p)))
