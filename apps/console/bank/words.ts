import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/bank.json'
import zh from '../../web/locales/zh-CN/bank.json'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import type { LenderLoan } from './model.ts'

// The words of the bank's pages come with them: a hospital's staff need none of them.

const NAMESPACE = 'bank'

export function useBankWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

type Look = { tone: Tone; icon: IconName }

const GOOD: Look = { tone: 'good', icon: 'check' }
const HELD: Look = { tone: 'held', icon: 'clock' }
const ALERT: Look = { tone: 'held', icon: 'alert' }
const BAD: Look = { tone: 'bad', icon: 'alert' }
const PLAIN: Look = { tone: 'plain', icon: 'check' }

export const LOOK_OF = {
  line: { active: GOOD, suspended: ALERT, ended: PLAIN },
  instalment: { open: HELD, paid: GOOD, written_off: { tone: 'bad', icon: 'missing' } },
  application: { asking: HELD, granted: GOOD, refused: { tone: 'plain', icon: 'missing' } },
  review: { open: HELD, upheld: PLAIN, changed: GOOD },
  product: { offered: GOOD, withdrawn: { tone: 'plain', icon: 'missing' } },
  repayment: { asking: HELD, done: GOOD, refused: { tone: 'plain', icon: 'missing' } },
  day: { running: HELD, closed: GOOD },
  payout: { proposed: HELD, paid: GOOD, refused: { tone: 'plain', icon: 'missing' } },
} as const satisfies Record<string, Record<string, Look>>

/** Of an open loan its stage, of another how it ended. */
export function lookOfLoan({ status, stage }: Pick<LenderLoan, 'status' | 'stage'>): Look {
  if (status === 'written_off') return { tone: 'bad', icon: 'missing' }
  if (status === 'settled') return GOOD
  if (stage === 'current') return PLAIN
  return BAD_STAGES.has(stage) ? BAD : ALERT
}

const BAD_STAGES: ReadonlySet<string> = new Set(['substandard', 'doubtful', 'loss'])
