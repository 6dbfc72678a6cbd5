import { useTranslation } from 'react-i18next'

import type { CreditApplication } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { ReadAloud } from '../parts/ReadAloud.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { NotFoundPage } from '../shell/NotFoundPage.tsx'
import { Page } from '../shell/Page.tsx'
import { TakeBack } from './Leaving.tsx'
import { Reviews } from './Reviews.tsx'
import { useApplications, useLenderName } from './use-credit.ts'

/** What became of an application: the decision, why it came out so, and how to have a person look at it. */
export function ApplicationPage({ lenderId, id }: { lenderId: number; id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useApplications()
  const application = data?.items.find((each) => each.lenderId === lenderId && each.id === id)
  if (data && !application) return <NotFoundPage />
  return (
    <Page
      title={t('credit:application.title')}
      back={places.credit}
      aside={application && <ReadAloud words={spoken(t, application)} />}
      foot={
        application?.status === 'granted' && (
          <Go place={places.credit} className="button button-primary" replace>
            {t('credit:application.goLine')}
          </Go>
        )
      }
    >
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {application && <Decision application={application} />}
      {application?.status === 'asking' && <TakeBack lenderId={lenderId} id={id} />}
      {application && application.status !== 'asking' && <Reasons application={application} />}
      {application && application.status !== 'asking' && <Reviews application={application} />}
      {!data && !error && (
        <section className="card">
          <Waiting rows={6} />
        </section>
      )}
    </Page>
  )
}

const spoken = (t: ReturnType<typeof useTranslation>['t'], application: CreditApplication) =>
  [t(`credit:application.${application.status}`), leadOf(t, application)].join('。')

function leadOf(
  t: ReturnType<typeof useTranslation>['t'],
  { status, limitFen, refusal }: CreditApplication,
): string {
  switch (status) {
    case 'granted':
      return t('credit:application.grantedLead', { amount: amountText(limitFen) })
    case 'refused':
      return t([
        `credit:application.refusals.${refusal ?? 'other'}`,
        'credit:application.refusals.other',
      ])
    case 'asking':
      return t('credit:application.askingLead')
  }
}

const TONES = {
  granted: { tone: 'good', icon: 'done' },
  refused: { tone: 'plain', icon: 'still' },
  asking: { tone: 'held', icon: 'clock' },
} as const

function Decision({ application }: { application: CreditApplication }) {
  const { t, i18n } = useTranslation()
  const { tone, icon } = TONES[application.status]
  const lender = useLenderName()(application.lenderId, i18n.language)
  return (
    <section className={`card story tone-${tone}`}>
      <div role="status" className="story-head">
        <p className="story-mark">
          <Icon name={icon} />
        </p>
        <h2>{t(`credit:application.${application.status}`)}</h2>
        <p className="story-lead">{leadOf(t, application)}</p>
      </div>
      <p className="note">
        {lender} · <Moment at={application.createdAt} />
      </p>
    </section>
  )
}

/** Every reason of the score and of the limit, with the points it brought. */
function Reasons({ application }: { application: CreditApplication }) {
  const { t } = useTranslation()
  const points = application.reasons.filter((reason) => reason.points !== 0)
  const rules = application.reasons.filter((reason) => reason.points === 0)
  return (
    <section className="card" aria-labelledby="why-decided">
      <h2 id="why-decided">{t('credit:application.why')}</h2>
      <ul className="reasons">
        {rules.map((reason) => (
          <li key={reason.code}>
            <strong>{reasonText(t, reason)}</strong>
          </li>
        ))}
      </ul>
      <p>{t('credit:application.score', { score: application.score })}</p>
      <ul className="reasons">
        {points.map((reason) => (
          <li key={reason.code}>
            <span>{reasonText(t, reason)}</span>
            <span className="points">
              {t(reason.points > 0 ? 'credit:application.plus' : 'credit:application.minus', {
                points: Math.abs(reason.points),
              })}
            </span>
          </li>
        ))}
      </ul>
      <p className="note">{t('credit:application.byRules')}</p>
    </section>
  )
}

function reasonText(
  t: ReturnType<typeof useTranslation>['t'],
  { code, params }: CreditApplication['reasons'][number],
): string {
  const { limitFen } = params
  const words = limitFen === undefined ? params : { ...params, limit: amountText(limitFen) }
  return t(`credit:application.reasons.${code}`, { ...words, defaultValue: code })
}
