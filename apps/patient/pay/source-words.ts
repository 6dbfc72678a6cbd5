import type { TFunction } from 'i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { dayText } from '../parts/day.ts'
import { percentText } from '../parts/percent.ts'

// What sources of money say of themselves, in the payer's words. They stand in patient.json under
// "sources.<provider>": "reasons" where it pays, "off" where it does not.

export type Source = Payment['sources'][number]

/** Why a source does not pay: its first reason. */
export const codeOf = ({ reasons }: Source): string => reasons[0]?.code ?? 'refused'

/** Nobody said no: there was no answer, and there may be one at another try. */
export const isSilent = (source: Source): boolean =>
  !source.available &&
  /(^|_)(unavailable|timeout|timed_out|silent|too_slow|failed)$/.test(codeOf(source))

/** False where it pays nothing only because the payer has not asked for it, or asked it not to. */
export const isPromptedBy = (source: Source): boolean =>
  !source.available && PROMPTED.has(codeOf(source))

const PROMPTED: ReadonlySet<string> = new Set(['not_wanted', 'not_agreed'])

/** False where the payer has nothing of the kind, or others pay all: that is no news to anybody. */
export const isWorthSaying = (source: Source): boolean =>
  source.available || !NO_NEWS.has(codeOf(source))

const NO_NEWS: ReadonlySet<string> = new Set([
  'nothing_left',
  'not_connected',
  'no_policy',
  'no_benefit',
  'no_deposit',
])

/** Why a source does not pay, as a sentence. */
export const offText = (t: TFunction, provider: string, code: string): string =>
  t([`sources.${provider}.off.${code}`, `sources.off.${code}`, 'sources.off.other'])

/** What a source that pays says of it; a reason without words is left out. */
export function sourceReasons(
  t: TFunction,
  { provider, reasons }: Source,
  language: string,
): { code: string; text: string; isRate: boolean }[] {
  return reasons
    .map(({ code, params }) => ({
      code,
      text: t(`sources.${provider}.reasons.${code}`, {
        ...wordsOf(params, language),
        defaultValue: '',
      }),
      isRate: 'ppm' in params,
    }))
    .filter(({ text }) => text !== '')
}

/** Figures as people read them: "leftFen" becomes {{left}}, "dueOn" {{due}}, "ppm" {{rate}}; the rest stays as it is. */
function wordsOf(
  params: Record<string, string | number>,
  language: string,
): Record<string, string | number> {
  const words = Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (name === 'ppm') return ['rate', percentText(Number(value))]
      if (name.endsWith('Fen')) return [name.slice(0, -3), amountText(Number(value))]
      if (name.endsWith('On')) return [name.slice(0, -2), dayText(String(value), language)]
      return [name, value]
    }),
  )
  // A programme comes with its name in both languages.
  const { zh, en } = params
  return zh === undefined ? words : { ...words, name: (language === 'en' ? en : zh) ?? zh }
}
