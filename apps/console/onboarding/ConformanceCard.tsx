import { Button, Progress } from 'antd'
import { type FormEvent, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useStaff } from '../shell/staff.ts'
import { useConformance } from './use-onboarding.ts'
import {
  type Draft,
  type Fixtures,
  type Report,
  reportOf,
  said,
  type Standing,
  type Step,
  useOnboardingWords,
} from './words.ts'

type ConformanceCardProps = {
  draft: Draft
  step: Step | undefined
  running: Standing['running']
}

/** The kit against the hospital's sandbox: how far it is, the score, and for each failure what would have been right. */
export function ConformanceCard({ draft, step, running }: ConformanceCardProps) {
  const { t } = useOnboardingWords()
  const { hospitalId } = useStaff()
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const run = useConformance(hospitalId, t('conformance.begun'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const fixtures = readFixtures(typed)
    setWrong(fixtures === null)
    if (fixtures) run.mutate({ version: draft.version, fixtures })
  }
  const report = step && reportOf(step)
  return (
    <section className="card" aria-labelledby="onboarding-conformance">
      <h2 id="onboarding-conformance">{t('conformance.title')}</h2>
      {running ? (
        <>
          <Progress
            aria-label={t('conformance.title')}
            percent={Math.round((100 * running.done) / Math.max(1, running.count))}
          />
          <p className="fine">{running.check}</p>
        </>
      ) : (
        <form className="note-form" onSubmit={submit} aria-label={t('conformance.title')}>
          <label>
            {t('conformance.fixtures')}
            <textarea
              rows={4}
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          {isWrong && (
            <p className="tone-bad" role="alert">
              {t('conformance.notJson')}
            </p>
          )}
          {run.error !== null && <Fault error={run.error} />}
          <Button htmlType="submit" loading={run.isPending} disabled={typed.trim() === ''}>
            {t('conformance.start')}
          </Button>
        </form>
      )}
      {report && <ReportView report={report} />}
      {step && !report && <p className="tone-bad">{said(step, 'problem')}</p>}
    </section>
  )
}

function readFixtures(text: string): Fixtures | null {
  try {
    const value: unknown = JSON.parse(text)
    // Its form is the hub's to check: that names what is wrong in it.
    return typeof value === 'object' && value !== null ? (value as Fixtures) : null
  } catch {
    return null
  }
}

function ReportView({ report }: { report: Report }) {
  const { t, i18n } = useOnboardingWords()
  const language = i18n.language === 'en' ? 'en' : 'zh'
  const { isConformant, passed, failed, skipped, scores, checks } = report
  return (
    <>
      <p>
        <StatusChip
          tone={isConformant ? 'good' : 'bad'}
          icon={isConformant ? 'check' : 'cross'}
          text={t(isConformant ? 'conformance.conforms' : 'conformance.fails')}
        />{' '}
        {t('conformance.score', { passed, failed, skipped })}
      </p>
      <ul className="mini-list">
        {scores.map(({ subject, title, ...score }) => (
          <li key={subject}>
            {title[language]}
            <span className="fine">{t('conformance.score', score)}</span>
          </li>
        ))}
      </ul>
      {checks.map(({ id, title, paragraph, failure }) =>
        failure ? (
          <details key={id} className="failed-check">
            <summary className="tone-bad">
              {title[language]} · {paragraph}
            </summary>
            <dl className="bank-facts">
              {(['what', 'expected', 'found', 'sent', 'came'] as const).map((field) => (
                <div key={field}>
                  <dt>{t(`conformance.failure.${field}`)}</dt>
                  <dd>
                    <pre tabIndex={0}>{failure[field]}</pre>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        ) : null,
      )}
    </>
  )
}
