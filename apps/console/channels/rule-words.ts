import type { TFunction } from 'i18next'

import { amountText } from '../../web/amount.ts'
import { valueText } from './fact-draft.ts'
import type { Rule } from './model.ts'
import { percentText } from './ratio.ts'

/** How codes are called: channels and departments by the hospital's own names. */
export type Names = {
  channel: (name: string) => string
  department: (code: string) => string
}

/** When a rule applies, in a few words each; none of them for always. */
export function conditionTexts(t: TFunction, when: Rule['when'], names: Names): string[] {
  const list = (texts: string[]) => texts.join(t('channels.comma'))
  const { amountFen, scenes, departments, methods, time, dates, weekdays, payer } = when
  const texts = [
    amountFen && rangeText(t, t('channels.when.amount'), amountFen, amountText),
    scenes &&
      t('channels.when.scenes', { list: list(scenes.map((s) => t(`channels:scenes.${s}`))) }),
    departments &&
      t('channels.when.departments', { list: list(departments.map(names.department)) }),
    methods &&
      t('channels.when.methods', { list: list(methods.map((m) => t(`channels:methods.${m}`))) }),
    time && t('channels.when.time', time),
    dates && t('channels.when.dates', dates),
    weekdays &&
      t('channels.when.weekdays', { list: list(weekdays.map((d) => t(`channels.days.${d}`))) }),
    ...Object.entries(payer ?? {}).map(([name, fact]) => {
      const what = t(`channels.facts.${name}`, { defaultValue: name })
      return 'in' in fact
        ? t('channels.when.among', { what, list: list(fact.in.map(valueText)) })
        : rangeText(t, what, fact, String)
    }),
  ]
  return texts.filter((text): text is string => typeof text === 'string')
}

/** What a rule does where it applies. */
export function effectText(t: TFunction, effect: Rule['effect'], names: Names): string {
  const list = (texts: string[]) => texts.join(t('channels.comma'))
  if (effect.do === 'share') {
    const shares = Object.entries(effect.shares).map(
      ([name, ppm]) => `${names.channel(name)} ${percentText(ppm)}`,
    )
    return t('channels.effectTexts.share', { list: list(shares) })
  }
  const words = { list: list(effect.channels.map(names.channel)) }
  return effect.do === 'prefer'
    ? t('channels.effectTexts.prefer', { ...words, points: effect.points })
    : t(`channels.effectTexts.${effect.do}`, words)
}

function rangeText(
  t: TFunction,
  what: string,
  { from, below }: { from?: number; below?: number },
  text: (value: number) => string,
): string {
  const words = {
    what,
    from: from === undefined ? '' : text(from),
    below: below === undefined ? '' : text(below),
  }
  if (from === undefined) return t('channels.when.below', words)
  return t(below === undefined ? 'channels.when.from' : 'channels.when.between', words)
}
