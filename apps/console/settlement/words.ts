import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/settlement.json'
import zh from '../../web/locales/zh-CN/settlement.json'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import type { Batch } from './model.ts'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'settlement'

export function useSettlementWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

/** Words: statuses.<status>. */
export const LOOK_OF_BATCH: Record<Batch['status'], { tone: Tone; icon: IconName }> = {
  no_contract: { tone: 'held', icon: 'alert' },
  expected: { tone: 'plain', icon: 'clock' },
  received: { tone: 'good', icon: 'check' },
  short: { tone: 'held', icon: 'alert' },
  over: { tone: 'held', icon: 'alert' },
  late: { tone: 'bad', icon: 'clock' },
}
