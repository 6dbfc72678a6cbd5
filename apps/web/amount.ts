import { fen, formatYuan } from '../../kernel/money.ts'

/** What an amount does to the one who looks at it: comes in, goes out, or is held on its way. */
export type Flow = 'in' | 'out' | 'held'

export const SIGN_OF_FLOW: Record<Flow, string> = { in: '+', out: '−', held: '◷' }

/** Fen as people read them: 123450 is "¥1,234.50", −50 is "−¥0.50". */
export const amountText = (amountFen: number): string =>
  `${amountFen < 0 ? SIGN_OF_FLOW.out : ''}¥${formatYuan(fen(Math.abs(amountFen)))}`
