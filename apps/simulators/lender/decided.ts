import { type Answer, done, refuse } from './answers.ts'
import { type Context, Refusal } from './context.ts'

/** A partner's number for an order, and what identifies the order under it. */
export type Numbered = { partner: string; service: string; number: string; digest: string }

/**
 * Decides on an order once: whatever was answered under its number is answered again, a refusal too. `work` checks first
 * and writes then, so that what it throws leaves nothing behind. Throws 'different' for another order under the number.
 */
export function decideOnce(context: Context, order: Numbered, work: () => object): Answer {
  const known = findDecided(context, order)
  if (known) {
    if (known.digest === null) throw new Refusal('closed', '该流水号已关闭')
    if (known.digest !== order.digest) throw new Refusal('different', '流水号已用于其他内容')
    return known.answer
  }
  const answer = answered(work)
  keep(context, order, answer)
  return answer
}

/** What was decided under a number; null digest for one that was closed, null when nothing came. */
export function findDecided(
  { store }: Context,
  { partner, service, number }: Omit<Numbered, 'digest'>,
): { digest: string | null; answer: Answer } | null {
  const row = store.get<{ digest: string | null; answer: string }>(
    'select digest, answer from decided where partner = ? and service = ? and number = ?',
    [partner, service, number],
  )
  return row && { digest: row.digest, answer: JSON.parse(row.answer) as Answer }
}

/** Nothing will come under the number any more. */
export function closeNumber(context: Context, order: Omit<Numbered, 'digest'>): void {
  const refusal = refuse(new Refusal('closed', '该流水号已关闭'))
  keep(context, { ...order, digest: null }, refusal)
}

function answered(work: () => object): Answer {
  try {
    return done(work())
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refuse(error)
  }
}

function keep(
  { store }: Context,
  order: Omit<Numbered, 'digest'> & { digest: string | null },
  answer: Answer,
): void {
  const { partner, service, number, digest } = order
  store.run(
    'insert into decided (partner, service, number, digest, answer) values (?, ?, ?, ?, ?)',
    [partner, service, number, digest, JSON.stringify(answer)],
  )
}
