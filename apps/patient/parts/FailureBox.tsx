import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { failureText, readFailure } from '../../web/problem.ts'
import { Go, places } from '../navigation.tsx'
import { Icon } from './Icon.tsx'

/** What went wrong, in words, with the number under which the hub has it in its logs, and what to do. */
export function FailureBox({ error, words, onRetry, children }: FailureBoxProps) {
  const { t, i18n } = useTranslation()
  const failure = readFailure(error)
  const isHopeless = onRetry !== undefined && HOPELESS.test(failure.code)
  return (
    <div className="failure" role="alert">
      <p className="failure-words">
        <Icon name={failure.instance === null ? 'offline' : 'question'} />
        <span>{words ?? failureText(i18n, failure)}</span>
      </p>
      {children}
      {onRetry && !isHopeless && (
        <button type="button" className="button" onClick={onRetry}>
          {t('common:problem.retry')}
        </button>
      )}
      {isHopeless && (
        <Go place={places.home} className="button">
          {t('goHome')}
        </Go>
      )}
      {failure.instance !== null && (
        <p className="fine-print">{t('common:problem.no', { instance: failure.instance })}</p>
      )}
    </div>
  )
}

// It is not there, or not for this person: asking again changes nothing.
const HOPELESS = /\.(\w+_)?(not_found|forbidden)$/

type FailureBoxProps = {
  error: unknown
  /** In place of the usual words for it, where the page knows better ones. */
  words?: string
  onRetry?: () => void
  /** Another way out, in place of trying again or beside it. */
  children?: ReactNode
}
