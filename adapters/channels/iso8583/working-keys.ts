import type { KeyStore } from './keys.ts'

/** The keys of a shift, each enciphered under the terminal's master key. */
export type WorkingKeys = { pin: Buffer; mac: Buffer }

const CHECK_VALUE_BYTES = 4

/**
 * F62 of an answered sign-in: the key for PINs, the key for MACs and perhaps one for tracks, each with the first four
 * bytes of its check value. Keys have 16 bytes, or 24; of a key of 8 the rest are zeros.
 *
 * Errors: null when the length fits no such list or a check value is not the one of its key: then the bank and we do
 * not hold the same master key.
 */
export function readWorkingKeys(
  keys: KeyStore,
  terminal: string,
  field62: string,
): WorkingKeys | null {
  const bytes = Buffer.from(field62, 'hex')
  const keyBytes = [16, 24].find((size) =>
    [2, 3].some((count) => bytes.length === count * (size + CHECK_VALUE_BYTES)),
  )
  if (keyBytes === undefined) return null
  const entryBytes = keyBytes + CHECK_VALUE_BYTES
  const entry = (index: number) => bytes.subarray(index * entryBytes, (index + 1) * entryBytes)
  const [pin, mac] = [entry(0), entry(1)].map((part) => {
    const key = withoutFilling(part.subarray(0, keyBytes))
    return keys.checkValue(terminal, key).equals(part.subarray(keyBytes)) ? key : null
  })
  return pin && mac ? { pin, mac } : null
}

/** A single key stands in the place of a double one with zeros after it. */
const withoutFilling = (key: Buffer): Buffer =>
  key.subarray(8).every((byte) => byte === 0) ? key.subarray(0, 8) : key

export const toText = ({ pin, mac }: WorkingKeys): string =>
  `${pin.toString('hex')}:${mac.toString('hex')}`

export function fromText(text: string): WorkingKeys {
  const [pin = '', mac = ''] = text.split(':')
  return { pin: Buffer.from(pin, 'hex'), mac: Buffer.from(mac, 'hex') }
}
