import { addMs } from '../../kernel/time.ts'
import { type ClaimWork, DEFAULT_OPTIONS, type Dependencies } from './claim-work.ts'
import { infnoOf, type MoneyMessage, moveSettlement, type Settlement } from './claim.ts'
import type { CentreAnswer, InsuranceCentre, KnownSettlement, Settled } from './insurance-centre.ts'

/**
 * What became of a money message whose answer never came.
 *
 * happened: it moved money. void: it has not and will not. unknown: ask again later.
 */
export type Verdict<S extends MoneyMessage = Settlement> =
  | { outcome: 'happened'; settlement: S }
  | { outcome: 'void'; settlement: S }
  | { outcome: 'unknown'; reason: string }

/**
 * Asks the centre (5203) and, where it knows of no such settlement, has the message declared void
 * (2601): only after that may another one be sent in its place. The verdict is not written yet.
 *
 * A centre that has never seen the message may still be about to: for `inFlightMs` after it was sent
 * that is no verdict.
 */
export async function resolveDoubt<S extends MoneyMessage>(
  { clock, options }: Pick<Dependencies, 'clock' | 'options'>,
  work: Asking,
  sent: S,
): Promise<Verdict<S>> {
  const { psnNo, mdtrtId, msgid } = sent
  const known = await ask(work, (call) =>
    work.centre.querySettlement(call, { psnNo, mdtrtId, setlId: null }),
  )
  if (known.outcome === 'unknown') return known
  const found = known.outcome === 'ok' ? known.data : null
  if (found && isOf(found, sent)) return { outcome: 'happened', settlement: asDone(sent, found) }

  const infno = infnoOf(sent)
  const reversal = await ask(work, (call) => work.centre.reverse(call, { psnNo, msgid, infno }))
  if (reversal.outcome === 'unknown') return reversal
  if (reversal.outcome === 'refused') return { outcome: 'unknown', reason: reversal.message }
  if (reversal.data.reversed) {
    return { outcome: 'void', settlement: moveSettlement(sent, 'reversed') }
  }
  const { inFlightMs } = { ...DEFAULT_OPTIONS, ...options }
  if (clock.now() < addMs(sent.sentAt, inFlightMs)) {
    return { outcome: 'unknown', reason: 'the message may still be on its way' }
  }
  return { outcome: 'void', settlement: moveSettlement(sent, 'absent') }
}

/** A charge that somebody else has cancelled since stands no more; a cancellation is refunded by nature. */
const isOf = (found: KnownSettlement, sent: MoneyMessage): boolean =>
  found.msgid === sent.msgid && (sent.kind === 'return' || !found.refunded)

export const asDone = <S extends MoneyMessage>(sent: S, settled: Settled): S =>
  moveSettlement(sent, 'done', {
    setlId: settled.setlId,
    settledAt: settled.at,
    figures: settled.figures,
    insutype: settled.clearing.insutype ?? sent.insutype,
    clrType: settled.clearing.clrType ?? sent.clrType,
    clrOptins: settled.clearing.clrOptins ?? sent.clrOptins,
  })

/** Whom to ask about a message, and how. */
export type Asking = Pick<ClaimWork, 'callUnder' | 'nextMsgid'> & {
  centre: Pick<InsuranceCentre, 'querySettlement' | 'reverse'>
}

async function ask<T>(
  work: Asking,
  question: (call: ReturnType<ClaimWork['callUnder']>) => Promise<CentreAnswer<T>>,
): Promise<CentreAnswer<T>> {
  return question(work.callUnder(await work.nextMsgid()))
}
