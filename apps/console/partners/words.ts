import { useTranslation } from 'react-i18next'

import type { Attempt, Delivery } from './model.ts'

type Answered = Pick<Delivery, 'lastOutcome' | 'lastStatus' | 'lastError'>

/** What came of the last try, in a few words; a dash before the first. */
export function useLastError(): (of: Answered) => string {
  const { t } = useTranslation()
  return ({ lastOutcome, lastStatus, lastError }) => {
    if (lastOutcome === null) return '—'
    const details = [lastStatus, lastError].filter((each) => each !== null).join(' ')
    return `${t(`partners.outcomes.${lastOutcome}`)} ${details}`.trim()
  }
}

export const answeredBy = ({ outcome, responseStatus, error }: Attempt): Answered => ({
  lastOutcome: outcome,
  lastStatus: responseStatus,
  lastError: error,
})
