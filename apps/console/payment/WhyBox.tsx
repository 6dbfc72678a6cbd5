import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { attentionOf, isRefundRunning, useReasonText } from '../payments/words.ts'
import { Icon } from '../shell/Icon.tsx'

/** Why the payment stands where it stands, where its money is, and what happens next without anybody doing anything. */
export function WhyBox({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const reasonText = useReasonText()
  const { failureCode, status, inTransitFen, nextLookAt } = payment
  const attention = attentionOf(payment)
  const running = payment.refunds.filter(isRefundRunning)
  const isOver = nextLookAt === null && attention === null && running.length === 0
  return (
    <section
      className={`card why ${attention ? 'why-alert' : ''}`}
      aria-labelledby="why-title"
      aria-live="polite"
    >
      <h2 id="why-title">
        <Icon name={attention ? 'alert' : 'help'} />
        {t(isOver ? 'why.titleOver' : 'why.title')}
      </h2>
      <dl>
        <div>
          <dt>{t('why.now')}</dt>
          <dd>
            {t(`why.statuses.${status}`)}
            {failureCode && <> {t('why.failure', { reason: reasonText(failureCode) })}</>}
          </dd>
        </div>
        {attention && (
          <div>
            <dt>{t('why.attention')}</dt>
            <dd>{reasonText(attention)}</dd>
          </div>
        )}
        {running.map((refund) => (
          <div key={refund.id}>
            <dt>{t('why.refund')}</dt>
            <dd>
              {t(`refunds.statuses.${refund.status}`)} <Amount fen={refund.amountFen} />
              {refund.attention && refund.attention !== attention && (
                <> · {reasonText(refund.attention)}</>
              )}
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('why.money')}</dt>
          <dd>
            {inTransitFen === 0 ? (
              t('why.noneInTransit')
            ) : (
              <Amount fen={inTransitFen} flow="held" />
            )}
          </dd>
        </div>
        <Next payment={payment} />
      </dl>
    </section>
  )
}

/** What happens next, and when: by itself, by somebody, or nothing any more. */
function Next({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const { nextLookAt, status } = payment
  const isRunning = payment.refunds.some(isRefundRunning)
  const rest = attentionOf(payment) ? 'waitsForYou' : isRunning ? 'refundGoesOn' : 'over'
  return (
    <div>
      <dt>{t('why.next')}</dt>
      <dd>
        {nextLookAt ? (
          <>
            {t(`why.looks.${status}`, { defaultValue: t('why.looks.other') })}{' '}
            <Moment at={nextLookAt} form="exact" />
          </>
        ) : (
          t(`why.${rest}`)
        )}
      </dd>
    </div>
  )
}
