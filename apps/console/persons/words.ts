import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { components, operations } from '../../../contract/hub.d.ts'
import en from '../../web/locales/en/persons.json'
import zh from '../../web/locales/zh-CN/persons.json'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'persons'

export function usePersonWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

export type Candidate = components['schemas']['PersonCandidate']
export type PersonPicture =
  operations['getPersonPicture']['responses'][200]['content']['application/json']
export type Act = components['schemas']['PersonAct']

export const LOOK_OF_GRADE: Record<Candidate['grade'], { tone: Tone; icon: IconName }> = {
  certain: { tone: 'good', icon: 'check' },
  probable: { tone: 'held', icon: 'alert' },
  possible: { tone: 'plain', icon: 'help' },
  'certainly-not': { tone: 'plain', icon: 'missing' },
}

/** Bits of evidence with one decimal and their sign: +7.2. */
export const bitsText = (millibits: number): string =>
  `${millibits < 0 ? '−' : '+'}${(Math.abs(millibits) / 1_000).toFixed(1)}`
