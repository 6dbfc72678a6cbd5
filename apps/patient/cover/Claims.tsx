import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { type ClaimStep, claimSteps } from './claim-steps.ts'
import { type ClaimAt, useClaims } from './use-cover.ts'

/** What became of the papers of each payment that an insurer took part in. */
export function Claims({ hospitals }: { hospitals: readonly Hospital[] }) {
  const { t } = useTranslation('payers')
  const { claims, error, isPending, refetch } = useClaims(hospitals)
  const nameOf = (id: number) => hospitals.find((hospital) => hospital.id === id)?.shortName ?? ''
  return (
    <section className="payer" aria-label={t('cover.claims')}>
      <h2>{t('cover.claims')}</h2>
      <p className="note">{t('cover.claimsNote')}</p>
      {error ? <FailureBox error={error} onRetry={refetch} /> : null}
      {isPending && claims.length === 0 && <Waiting rows={2} />}
      {!isPending && !error && claims.length === 0 && <p className="note">{t('cover.noClaims')}</p>}
      {claims.map((claim) => (
        <ClaimCard key={claim.id} claim={claim} hospital={nameOf(claim.hospitalId)} />
      ))}
    </section>
  )
}

function ClaimCard({ claim, hospital }: { claim: ClaimAt; hospital: string }) {
  const { t } = useTranslation('payers')
  return (
    <article className="card" aria-label={t('cover.claimOf', { hospital })}>
      <div className="card-head">
        <h3>{t('cover.claimOf', { hospital })}</h3>
        <Amount fen={claim.payFen} />
      </div>
      <ol className="claim-steps">
        {claimSteps(claim).map((step) => (
          <Step key={step.code} step={step} claim={claim} />
        ))}
      </ol>
      {claim.owedFen > 0 && (
        <p className="held-row" role="status">
          <Icon name="question" />
          <span>{t('cover.owed', { owed: amountText(claim.owedFen) })}</span>
        </p>
      )}
      {claim.claimNo !== null && (
        <p className="fine-print">{t('cover.claimNo', { number: claim.claimNo })}</p>
      )}
      <Go place={places.payment(claim.hospitalId, claim.paymentId)} className="text-link">
        {t('cover.thePayment')}
        <Icon name="forward" />
      </Go>
    </article>
  )
}

function Step({ step, claim }: { step: ClaimStep; claim: ClaimAt }) {
  const { t } = useTranslation('payers')
  const { code, tone, at } = step
  const list = code === 'sent' ? claim.sentKinds : claim.wanted
  const papers = list.map((kind) => t(`cover.scopes.${kind}`)).join(t('cover.and'))
  const hasReason = code === 'refused' || code === 'more_wanted' || code === 'missing'
  return (
    <li className={`claim-step tone-${tone}`}>
      <Icon name={ICON_OF[tone]} />
      <span>
        {t(`cover.steps.${code}`, { amount: amountText(claim.payFen), papers })}
        {at !== null && (
          <span className="fine-print">
            {' '}
            {code === 'to_send' || code === 'late' ? t('cover.by') : null} <Moment at={at} />
          </span>
        )}
        {hasReason && claim.reason !== null && (
          <span className="claim-reason">{t('cover.itsWords', { reason: claim.reason })}</span>
        )}
        {code === 'resolved' && claim.resolution !== null && (
          <span className="claim-reason">{claim.resolution}</span>
        )}
      </span>
    </li>
  )
}

const ICON_OF: Record<ClaimStep['tone'], IconName> = {
  done: 'done',
  now: 'clock',
  bad: 'question',
  plain: 'still',
}
