import { createHash, timingSafeEqual } from 'node:crypto'

import type { HospitalId } from '../../kernel/id.ts'
import { randomHex } from '../../kernel/random.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { PersonId, SessionId } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { useProof } from './person-store.ts'

// Work that a device does before it may ask for a number: nothing for one person, too much for a thousand robots. A task is
// bound to person, session and time, and its proof counts once.

const VALID_MS = 10 * MINUTE_MS

export type ProofTask = { text: string; bits: number; expiresAt: Date }
export type Proof = { text: string; nonce: string }

type Bound = { hospitalId: HospitalId; sessionId: SessionId; personId: PersonId }

/** What is to be worked on: a nonce such that SHA-256 of '<text>.<nonce>' begins with so many zero bits. */
export async function proofTask(
  { clock, random, seal, rulesOf }: BookingContext,
  bound: Bound,
): Promise<ProofTask> {
  const { proofBits: bits } = await rulesOf(bound.hospitalId)
  const expiresAt = addMs(clock.now(), VALID_MS)
  const body = `${expiresAt.getTime()}.${bits}.${randomHex(random, 16)}`
  return { text: `${body}.${signed(seal, bound, body)}`, bits, expiresAt }
}

/** Errors: proof_missing, proof_wrong, also for another person, session or hospital or too late; proof_used. */
export async function checkProof(
  context: BookingContext,
  bound: Bound,
  proof: Proof | undefined,
): Promise<void> {
  const { clock, db, seal, rulesOf } = context
  const { proofBits } = await rulesOf(bound.hospitalId)
  if (proofBits === 0) return
  if (!proof) throw bookingErrors.proof_missing()
  const match = /^((\d{1,15})\.(\d{1,2})\.[0-9a-f]{32})\.([0-9a-f]{40})$/.exec(proof.text)
  if (!match) throw bookingErrors.proof_wrong()
  const [, body = '', expires = '', bits = '', signature = ''] = match
  const expiresAt = new Date(Number(expires))
  const isOurs = timingSafeEqual(Buffer.from(signature), Buffer.from(signed(seal, bound, body)))
  const isWorked = zeroBits(`${proof.text}.${proof.nonce}`) >= Number(bits)
  if (!isOurs || clock.now() >= expiresAt || !isWorked) throw bookingErrors.proof_wrong()
  const digest = createHash('sha256').update(body).digest('hex')
  const isFirst = await inHospital(db, bound.hospitalId, (tx) =>
    useProof(tx, bound.hospitalId, digest, expiresAt),
  )
  if (!isFirst) throw bookingErrors.proof_used()
}

const signed = (seal: BookingContext['seal'], bound: Bound, body: string): string =>
  seal.blindIndex(
    'booking.proof',
    `${bound.hospitalId}/${bound.sessionId}/${bound.personId}/${body}`,
  )

/** How many bits of its SHA-256 are zero before the first that is one. */
export function zeroBits(text: string): number {
  const digest = createHash('sha256').update(text).digest()
  const whole = digest.findIndex((byte) => byte !== 0)
  return whole === -1 ? 256 : whole * 8 + Math.clz32(digest[whole] ?? 0) - 24
}
