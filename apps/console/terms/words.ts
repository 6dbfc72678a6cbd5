import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/terms.json'
import zh from '../../web/locales/zh-CN/terms.json'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import type { Standing } from './model.ts'

const NAMESPACE = 'terms'

export function useTermsWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

/** Words: standings.<standing>. */
export const LOOK_OF_STANDING: Record<Standing, { tone: Tone; icon: IconName }> = {
  proposed: { tone: 'held', icon: 'clock' },
  refused: { tone: 'plain', icon: 'missing' },
  inForce: { tone: 'good', icon: 'check' },
  later: { tone: 'good', icon: 'clock' },
  replaced: { tone: 'plain', icon: 'lock' },
}
