import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CoveragePolicy } from '../../../contract/client.ts'
import { businessDate, businessDateOf } from '../../../kernel/time.ts'
import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import { shareText } from '../../web/params-text.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { Meter } from '../parts/Meter.tsx'
import { type Insurer, useBind, useUnbind } from './use-cover.ts'

/** A policy that pays: how far its deductible and its cap are used, and what it pays in between. */
export function PolicyCard({ insurer, policy, isAllowed }: PolicyCardProps) {
  const { t, i18n } = useTranslation('payers')
  const verify = useBind(insurer)
  return (
    <div className="card">
      <PolicyHead policy={policy} />
      {!isAllowed && (
        <p className="held-row" role="status">
          <Icon name="still" />
          {t('cover.notAllowed')}
        </p>
      )}
      <Terms policy={policy} />
      <p className="fine-print">
        {policy.verifiedAt === null
          ? t('cover.neverVerified')
          : t('cover.verifiedAt', { at: momentText(policy.verifiedAt, 'moment', i18n.language) })}
      </p>
      {verify.error && <FailureBox error={verify.error} />}
      <div className="button-row">
        <Unbind insurer={insurer} policy={policy} />
        {isAllowed && (
          <button
            type="button"
            className="button"
            disabled={verify.isPending}
            onClick={() => verify.mutate(policy.policyNo)}
          >
            {t(verify.isPending ? 'cover.verifying' : 'cover.verify')}
          </button>
        )}
      </div>
    </div>
  )
}

/** Which policy it is, and whether it is in force. */
export function PolicyHead({ policy }: { policy: CoveragePolicy }) {
  const { t, i18n } = useTranslation('payers')
  const { tone, icon } = LOOKS[policy.state]
  const { language } = i18n
  const days = {
    from: dayText(policy.validFrom, language),
    until: dayText(policy.validUntil, language),
  }
  return (
    <>
      <div className="card-head">
        <h3>{policy.productName}</h3>
        <span className={`chip tone-${tone}`}>
          <Icon name={icon} />
          {t(`cover.states.${policy.state}`)}
        </span>
      </div>
      {policy.productKind !== 'ordinary' && <p>{t(`cover.products.${policy.productKind}`)}</p>}
      <p className="fine-print">
        {t('cover.policyNo', { number: policy.policyNo })}
        <br />
        {t('cover.period', days)}
      </p>
    </>
  )
}

const LOOKS: Record<CoveragePolicy['state'], { tone: string; icon: IconName }> = {
  in_force: { tone: 'good', icon: 'done' },
  suspended: { tone: 'held', icon: 'clock' },
  lapsed: { tone: 'plain', icon: 'none' },
}

function Terms({ policy }: { policy: CoveragePolicy }) {
  const { t, i18n } = useTranslation('payers')
  const { deductibleFen, deductibleUsedFen, ratioPpm, capFen, paidFen, waitingUntil } = policy
  const nowMs = useHubNow()
  const isWaiting =
    waitingUntil !== null &&
    (nowMs === null || businessDateOf(new Date(nowMs)) < businessDate(waitingUntil))
  const leftFen = Math.max(deductibleFen - deductibleUsedFen, 0)
  return (
    <dl className="terms">
      {waitingUntil !== null && (
        <Term name={t('cover.waiting')}>
          {t(isWaiting ? 'cover.waitingUntil' : 'cover.waitingOver', {
            day: dayText(waitingUntil, i18n.language),
          })}
        </Term>
      )}
      <Term name={t('cover.deductible')}>
        {deductibleFen === 0 ? (
          t('cover.noDeductible')
        ) : (
          <>
            <Meter used={deductibleUsedFen} whole={deductibleFen} />
            {t(leftFen === 0 ? 'cover.deductibleMet' : 'cover.deductibleLeft', {
              whole: amountText(deductibleFen),
              used: amountText(Math.min(deductibleUsedFen, deductibleFen)),
              left: amountText(leftFen),
            })}
          </>
        )}
      </Term>
      <Term name={t('cover.ratio')}>{t('cover.ratioOf', { share: shareText(ratioPpm) })}</Term>
      <Term name={t('cover.cap')}>
        <Meter used={paidFen} whole={capFen} />
        {t('cover.capLeft', {
          whole: amountText(capFen),
          used: amountText(paidFen),
          left: amountText(Math.max(capFen - paidFen, 0)),
        })}
      </Term>
    </dl>
  )
}

const Term = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Unbind({ insurer, policy }: { insurer: Insurer; policy: CoveragePolicy }) {
  const { t } = useTranslation('payers')
  const [isAsking, setAsking] = useState(false)
  const unbind = useUnbind(insurer)
  return (
    <>
      {unbind.error && <FailureBox error={unbind.error} />}
      <button
        type="button"
        className="button"
        disabled={unbind.isPending}
        onClick={() => setAsking(true)}
      >
        {t('cover.unbind')}
      </button>
      {isAsking && (
        <Confirm
          title={t('cover.unbind')}
          yes={t('cover.unbindYes')}
          no={t('cover.unbindNo')}
          onYes={() => {
            setAsking(false)
            unbind.mutate(policy.policyNo)
          }}
          onNo={() => setAsking(false)}
        >
          {t('cover.unbindNote')}
        </Confirm>
      )}
    </>
  )
}

type PolicyCardProps = { insurer: Insurer; policy: CoveragePolicy; isAllowed: boolean }
