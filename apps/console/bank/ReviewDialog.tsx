import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { parseYuan } from '../../../kernel/money.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { DecisionView } from './DecisionView.tsx'
import type { LenderProduct, LenderReview } from './model.ts'
import { useActor, useProducts } from './names.ts'
import { useDecideReview } from './use-lending.ts'
import { LOOK_OF, useBankWords } from './words.ts'

const MOST_LETTERS = 500

type ReviewDialogProps = { review: LenderReview; onClose: () => void }

/** All there is to decide on, on one page: what was decided and why, what the applicant says, and the verdict. */
export function ReviewDialog({ review, onClose }: ReviewDialogProps) {
  const { t } = useBankWords()
  const staff = useStaff()
  const obstacle = !may(staff, 'decideLending')
    ? t('readOnly')
    : review.obstacle && t(`reviews.obstacles.${review.obstacle}`)
  return (
    <Modal
      open
      title={t('reviews.verdict')}
      onCancel={onClose}
      footer={null}
      width="48rem"
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <DecisionView application={review.application} />
        <section aria-labelledby="statement-title">
          <h2 id="statement-title">{t('reviews.statement')}</h2>
          <blockquote className="bank-statement">{review.statement}</blockquote>
          <p className="fine">{t('reviews.statementHint')}</p>
        </section>
        {review.status !== 'open' && <Decided review={review} />}
        {review.status === 'open' && obstacle && <p className="notice-held">{obstacle}</p>}
        {review.status === 'open' && !obstacle && <VerdictForm review={review} onClose={onClose} />}
      </div>
    </Modal>
  )
}

function Decided({ review }: { review: LenderReview }) {
  const { t } = useBankWords()
  const actor = useActor()
  return (
    <dl className="bank-facts">
      <div>
        <dt>{t('reviews.verdict')}</dt>
        <dd>
          <StatusChip
            {...LOOK_OF.review[review.status]}
            text={t(`statuses.review.${review.status}`)}
          />{' '}
          {review.limitFen !== null && <Amount fen={review.limitFen} />}
        </dd>
      </div>
      <div>
        <dt>{t('reviews.reason')}</dt>
        <dd>{review.reason}</dd>
      </div>
      <div>
        <dt>{t('reviews.decidedBy')}</dt>
        <dd>
          {actor(review.decidedBy ?? '')} <Moment at={review.decidedAt} form="exact" />
        </dd>
      </div>
    </dl>
  )
}

function VerdictForm({ review, onClose }: ReviewDialogProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const { data } = useProducts(lenderId)
  const product = data?.items.find((each) => each.productId === review.application.productId)
  const [isChange, setChange] = useState(false)
  const [limit, setLimit] = useState('')
  const [reason, setReason] = useState('')
  const done = { words: t('reviews.decided'), onDone: onClose }
  const decide = useDecideReview({ lenderId, reviewId: review.id }, done)
  const limitFen = isChange ? limitIn(limit, product) : null
  const isReady = reason.trim() !== '' && (!isChange || limitFen !== null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) decide.mutate({ reason: reason.trim(), limitFen })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <fieldset className="resolutions">
        <legend>{t('reviews.verdict')}</legend>
        {[false, true].map((each) => (
          <label key={String(each)}>
            <input
              type="radio"
              name="verdict"
              checked={isChange === each}
              onChange={() => setChange(each)}
            />
            <span>{t(each ? 'reviews.change' : 'reviews.keep')}</span>
          </label>
        ))}
      </fieldset>
      {isChange && (
        <LimitField product={product} limit={limit} limitFen={limitFen} onChange={setLimit} />
      )}
      <label>
        {t('reviews.reason')}
        <textarea
          rows={3}
          required
          maxLength={MOST_LETTERS}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {decide.error !== null && <Fault error={decide.error} />}
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={decide.isPending}>
        {isChange && limitFen !== null
          ? t('reviews.decideLimit', { amount: amountText(limitFen) })
          : t('reviews.decide')}
      </Button>
    </form>
  )
}

type LimitFieldProps = {
  product: LenderProduct | undefined
  limit: string
  limitFen: number | null
  onChange: (limit: string) => void
}

function LimitField({ product, limit, limitFen, onChange }: LimitFieldProps) {
  const { t } = useBankWords()
  const hint =
    product &&
    t('reviews.newLimitHint', {
      least: amountText(product.leastFen),
      most: amountText(product.mostFen),
    })
  return (
    <TextField
      label={t('reviews.newLimit')}
      value={limit}
      isNumber
      isWrong={limit !== '' && limitFen === null}
      {...(hint ? { hint } : {})}
      onChange={onChange}
    />
  )
}

/** A limit as it is typed, in fen; null for what cannot be read or the product does not offer. */
function limitIn(text: string, product: LenderProduct | undefined): number | null {
  const typed = parseYuan(text.trim())
  if (typed === null || typed <= 0) return null
  return product && (typed < product.leastFen || typed > product.mostFen) ? null : typed
}
