import { businessDate, businessDateOf, instantAt } from '../../../kernel/time.ts'
import type { Statement, StatementItem } from './use-statement.ts'

/** The months of a statement with their payments, newest first, for the eye. On paper time runs forward. */
export function monthsOf({ byMonth, items }: Pick<Statement, 'byMonth' | 'items'>) {
  return byMonth
    .map((month) => ({
      ...month,
      items: items.filter((item) => monthOf(item) === month.month).toReversed(),
    }))
    .toReversed()
}

/** '2026-11' is 2026年11月, and November 2026. */
export const monthText = (month: string, language: string): string =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    year: 'numeric',
    month: 'long',
    timeZone: 'Asia/Shanghai',
  }).format(instantAt(businessDate(`${month}-01`)))

const monthOf = ({ paidAt }: StatementItem) => businessDateOf(new Date(paidAt)).slice(0, 7)
