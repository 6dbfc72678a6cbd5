import { assert } from '../../kernel/assert.ts'
import { SECOND_MS, toShanghaiText } from '../../kernel/time.ts'

/** How many message numbers one second has: four digits. */
const MSGIDS_A_SECOND = 10_000

/** The first number of the second in which `now` lies. */
export const firstCountAt = (now: Date): number =>
  Math.floor(now.getTime() / SECOND_MS) * MSGIDS_A_SECOND

/**
 * A message number: the institution's code (12), yyyyMMddHHmmss in Shanghai, four digits.
 *
 * `count` is the second since 1970 times 10000 and the place within it. It only ever grows for one
 * hospital, so that more than 10000 in a second, or a clock that is set back, run ahead of the time
 * and still never give a number twice.
 */
export function msgidOf(fixmedinsCode: string, count: number): string {
  assert(/^[0-9A-Z]{12}$/.test(fixmedinsCode), 'an institution has a code of 12 characters')
  const at = new Date(Math.floor(count / MSGIDS_A_SECOND) * SECOND_MS)
  const place = String(count % MSGIDS_A_SECOND).padStart(4, '0')
  return fixmedinsCode + toShanghaiText(at).replaceAll(/\D/g, '') + place
}
