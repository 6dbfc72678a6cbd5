import { sha256 } from './sha256.ts'

export type ProofTask = { text: string; bits: number }

/** How many tries lie between two words on how far it is. */
export const TRIES_A_STEP = 4_096

/**
 * The nonce for which SHA-256 of '<text>.<nonce>' begins with so many zero bits. Tells the tries so far at each step: they
 * are expected to be about 2 to the power of bits, and may be several times that.
 */
export function solveProof(
  { text, bits }: ProofTask,
  onStep: (tries: number) => void = () => {},
): string {
  const encoder = new TextEncoder()
  for (let tries = 0; ; tries += 1) {
    const nonce = String(tries)
    if (zeroBits(sha256(encoder.encode(`${text}.${nonce}`))) >= bits) return nonce
    if (tries % TRIES_A_STEP === TRIES_A_STEP - 1) onStep(tries)
  }
}

function zeroBits(digest: Uint8Array): number {
  const whole = digest.findIndex((byte) => byte !== 0)
  return whole === -1 ? digest.length * 8 : whole * 8 + Math.clz32(digest[whole] ?? 0) - 24
}

/** How likely it is, in whole percent, that the work would have been done by now. */
export const percentOf = (tries: number, bits: number): number =>
  Math.floor(100 * (1 - Math.exp(-tries / 2 ** bits)))
