import { type HisNotice, readNotice } from '../../../modules/hospitals/index.ts'
import { createExpressions } from '../../../platform/descriptor/expressions.ts'
import { toAccount } from '../../../platform/descriptor/params.ts'
import type { HospitalWords } from './hospital.ts'
import type { Product } from './schema.ts'

/** What a message of the hospital's is: a notice, one that nothing has to be done about, or one that is refused. */
export type Understood =
  | { outcome: 'notice'; notice: HisNotice }
  | { outcome: 'nothing' }
  /** Of another hospital, or on the wrong line. */
  | { outcome: 'not_accepted' }
  /** It is of a kind that is known, and cannot be read as such. */
  | { outcome: 'unreadable'; reason: string }

export type ListeningHospital = {
  port: number
  charset: 'UNICODE UTF-8' | 'GB 18030-2000'
  /** Of a message as plain JSON (platform/hl7/view.ts). Never throws. */
  understand: (message: unknown) => Understood
}

const EXPRESSION_MS = 200

/** How a hospital's own messages are heard; null for a product that tells nothing, or a hospital without a port. */
export function listeningOf(
  product: Product,
  { params, codes }: HospitalWords,
): ListeningHospital | null {
  const { listen, notices = [] } = product
  const account = toAccount(product.parameters, params)
  const port = listen && account.open[listen.port]
  if (!listen || port === undefined) return null
  const expressions = createExpressions(product.limits?.expressionMs ?? EXPRESSION_MS)
  const tables = Object.entries(product.codes ?? {}).map(([table, shipped]) => [
    table,
    { ...shipped, ...codes[table] },
  ])
  const known = { params: account.open, codes: Object.fromEntries(tables) as object }
  const { accept } = listen
  return {
    port: Number(port),
    charset: listen.encoding === 'utf-8' ? 'UNICODE UTF-8' : 'GB 18030-2000',
    understand,
  }

  function understand(message: unknown): Understood {
    const input = { ...known, message }
    if (accept !== undefined) {
      const accepted = expressions.evaluate(accept, input)
      if (!accepted.ok || accepted.value !== true) return { outcome: 'not_accepted' }
    }
    for (const { when, read } of notices) {
      const fits = expressions.evaluate(when, input)
      if (!fits.ok) return { outcome: 'unreadable', reason: fits.reason }
      if (fits.value !== true) continue
      const made = expressions.evaluate(read, input)
      if (!made.ok) return { outcome: 'unreadable', reason: made.reason }
      const notice = readNotice(made.value)
      return 'value' in notice
        ? { outcome: 'notice', notice: notice.value }
        : { outcome: 'unreadable', reason: notice.problem }
    }
    return { outcome: 'nothing' }
  }
}
