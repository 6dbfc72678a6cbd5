import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import type { Params } from './model.ts'
import { percentText, shortPercentText } from './ratio.ts'
import { useChannelName } from './use-channels.ts'

type Words = { channelName: (name: string) => string; language: string }

/**
 * The figures of a code of the hub as people read them, by the unit in their names: fen, parts per million, instants,
 * names of channels. Words: {{limitFen}} in a sentence is "¥500.00". Pure.
 */
function readable(params: Params, { channelName, language }: Words): Record<string, string> {
  const text = ([name, value]: [string, string | number]) => {
    if (typeof value === 'number') {
      if (name.endsWith('Fen')) return amountText(value)
      if (name === 'availabilityPpm' || name === 'successPpm') return shortPercentText(value)
      if (name.endsWith('Ppm')) return percentText(value)
      return value.toLocaleString('en-US')
    }
    if (name.endsWith('At')) return value === '' ? '—' : momentText(value, 'time', language)
    if (name === 'channels')
      return namesIn(value)
        .map(channelName)
        .join(language === 'en' ? ', ' : '、')
    return value
  }
  return Object.fromEntries(Object.entries(params).map((pair) => [pair[0], text(pair)]))
}

const namesIn = (list: string) => list.split(', ').filter((name) => name !== '')

export function useReadable(): (params: Params) => Record<string, string> {
  const { i18n } = useTranslation()
  const channelName = useChannelName()
  return (params) => readable(params, { channelName, language: i18n.language })
}
