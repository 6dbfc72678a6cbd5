import { isBusinessDate } from '../../../kernel/time.ts'
import type { His } from './context.ts'

/** RFC 3339 with an offset; null for anything else, as the 30th of February. */
export function readInstant(text: string): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.exec(text)
  if (!match?.[1] || !isBusinessDate(match[1])) return null
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) ? null : instant
}

/** Two clocks may differ by as much as a signature's timestamp may be off. */
export const isInFuture = ({ clock }: His, instant: Date): boolean =>
  instant.getTime() - clock.now().getTime() > MAX_AHEAD_MS

const MAX_AHEAD_MS = 300_000
