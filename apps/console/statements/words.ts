import { useTranslation } from 'react-i18next'

import { loadWords } from '../../web/i18n.ts'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import type { ArrivalState, FileStatus } from './model.ts'

/** Loads what these pages say, with the pages themselves. */
export const loadStatementWords = () =>
  loadWords('statements', {
    'zh-CN': async () => (await import('../../web/locales/zh-CN/statements.json')).default,
    en: async () => (await import('../../web/locales/en/statements.json')).default,
  })

export const useStatementWords = () => useTranslation('statements')

type Look = { tone: Tone; icon: IconName }

/** Words: states.<state>. In the order of the legend. */
export const LOOK_OF_STATE: Record<ArrivalState, Look> = {
  arrived: { tone: 'good', icon: 'check' },
  came_late: { tone: 'good', icon: 'clock' },
  reissued: { tone: 'held', icon: 'refresh' },
  waiting: { tone: 'plain', icon: 'clock' },
  late: { tone: 'held', icon: 'alert' },
  missing: { tone: 'bad', icon: 'missing' },
  refused: { tone: 'bad', icon: 'cross' },
}

/** Words: statuses.<status>. */
export const LOOK_OF_FILE: Record<FileStatus, Look> = {
  taken: { tone: 'good', icon: 'check' },
  superseded: { tone: 'plain', icon: 'refresh' },
  refused: { tone: 'bad', icon: 'cross' },
}

/** A size for people: 812 B, 4.2 KB, 31.0 MB. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const [unit, size] = bytes < 1_000_000 ? ['KB', 1_000] : ['MB', 1_000_000]
  const tenths = Math.round((10 * bytes) / size)
  return `${Math.floor(tenths / 10)}.${tenths % 10} ${unit}`
}
