import { createCipheriv, createDecipheriv } from 'node:crypto'

// The bank's side of the keys, from the documents: X9.8 for the PIN, three ways to a MAC.

export type MacKind = 'ecb' | 'x9.9' | 'x9.19'

const threeKeys = (key: Buffer) => {
  if (key.length === 8) return Buffer.concat([key, key, key])
  return key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key
}

export function seal(key: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv('des-ede3-ecb', threeKeys(key), null)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

function unseal(key: Buffer, data: Buffer): Buffer {
  const cipher = createDecipheriv('des-ede3-ecb', threeKeys(key), null)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

const ZEROS = Buffer.alloc(8)

export const checkValue = (key: Buffer): Buffer => seal(key, ZEROS).subarray(0, 4)

/** 16 hex digits. */
export function mac(kind: MacKind, key: Buffer, message: Buffer): string {
  const blocks: Buffer[] = []
  for (let at = 0; at < message.length; at += 8) {
    blocks.push(Buffer.concat([message.subarray(at, at + 8), ZEROS]).subarray(0, 8))
  }
  if (kind === 'ecb') {
    const sum = hex(blocks.reduce(xor, ZEROS))
    const step = seal(key, Buffer.from(sum.slice(0, 8)))
    const result = hex(seal(key, xor(step, Buffer.from(sum.slice(8)))))
    return hex(Buffer.from(result.slice(0, 8)))
  }
  const left = key.subarray(0, 8)
  const chained = blocks.reduce((last, block) => seal(left, xor(last, block)), ZEROS)
  if (kind === 'x9.9') return hex(chained)
  return hex(seal(left, unseal(key.subarray(8, 16), chained)))
}

/** The PIN in a block; null when the block was not made under this key for this card. */
export function openPinBlock(key: Buffer, block: Buffer, pan: string): string | null {
  const clear = unseal(key, block)
  const account = Buffer.from(`0000${pan.slice(-13, -1)}`, 'hex')
  const text = hex(xor(clear, account))
  const length = Number.parseInt(text.slice(1, 2), 16)
  const pin = text.slice(2, 2 + length)
  const rest = text.slice(2 + length)
  const isWhole = text.startsWith('0') && /^\d{4,12}$/.test(pin) && /^F*$/.test(rest)
  return isWhole ? pin : null
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

const xor = (a: Buffer, b: Buffer): Buffer => {
  const result = Buffer.alloc(8)
  for (let i = 0; i < 8; i++) result[i] = (a[i] ?? 0) ^ (b[i] ?? 0)
  return result
}
