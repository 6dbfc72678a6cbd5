import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import type { LenderApplication, LenderProduct } from './model.ts'
import { useProductName, useProducts } from './names.ts'
import { LOOK_OF, useBankWords } from './words.ts'

/** A decision as it can be explained: the score, the bands it is held against, and every point with its reason. */
export function DecisionView({ application }: { application: LenderApplication }) {
  const { hospitalId: lenderId } = useStaff()
  const { data } = useProducts(lenderId)
  const product = data?.items.find(({ productId }) => productId === application.productId)
  return (
    <div className="bank-decision">
      <Facts application={application} />
      {product && <Bands bands={product.bands} score={application.score} />}
      <Reasons reasons={application.reasons} />
    </div>
  )
}

function Facts({ application }: { application: LenderApplication }) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const productName = useProductName(lenderId)
  const { status, refusal, score, scorecard, limitFen, productId, way, createdAt } = application
  return (
    <dl className="bank-facts">
      <div>
        <dt>{t('status')}</dt>
        <dd>
          <StatusChip {...LOOK_OF.application[status]} text={t(`statuses.application.${status}`)} />{' '}
          {refusal !== null &&
            (refusal === 'by_score'
              ? t('reviews.byScore')
              : t('reviews.byLender', { code: refusal }))}
        </dd>
      </div>
      <div>
        <dt>{t('reviews.score')}</dt>
        <dd>
          <strong>{score}</strong>{' '}
          <span className="fine">{t('reviews.card', { card: scorecard })}</span>
        </dd>
      </div>
      <div>
        <dt>{t('reviews.limit')}</dt>
        <dd>
          <Amount fen={limitFen} />
        </dd>
      </div>
      <div>
        <dt>{t('product')}</dt>
        <dd>
          {productName(productId)} · {t(`ways.${way}`)}
        </dd>
      </div>
      <div>
        <dt>{t('reviews.createdAt')}</dt>
        <dd>
          <Moment at={createdAt} form="exact" />
        </dd>
      </div>
    </dl>
  )
}

function Bands({ bands, score }: { bands: LenderProduct['bands']; score: number }) {
  const { t } = useBankWords()
  const reached = bands.find(({ fromScore }) => score >= fromScore)
  return (
    <section aria-labelledby="bands-title">
      <h2 id="bands-title">{t('reviews.bands')}</h2>
      <ul className="bank-bands">
        {bands.map((band) => (
          <li key={band.fromScore} className={band === reached ? 'is-here' : ''}>
            <span>{t('reviews.band', { score: band.fromScore })}</span>
            <Amount fen={band.limitFen} />
            {band === reached && (
              <span className="bank-here">
                <Icon name="check" /> {t('reviews.bandHere')}
              </span>
            )}
          </li>
        ))}
      </ul>
      {!reached && <p className="fine">{t('reviews.noBand')}</p>}
    </section>
  )
}

function Reasons({ reasons }: Pick<LenderApplication, 'reasons'>) {
  const { t } = useBankWords()
  const reasonText = useDecisionText()
  return (
    <section aria-labelledby="reasons-title">
      <h2 id="reasons-title">{t('reviews.reasons')}</h2>
      <table className="data-table">
        <tbody>
          {reasons.map((reason) => (
            <tr key={reason.code}>
              <td>{reasonText(reason)}</td>
              <td className="is-number">
                {reason.points === 0 ? (
                  <span className="fine">{t('reviews.deciding')}</span>
                ) : (
                  `${reason.points > 0 ? '+' : '−'}${Math.abs(reason.points)}`
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function useDecisionText(): (reason: LenderApplication['reasons'][number]) => string {
  const { t } = useBankWords()
  return ({ code, params }) => {
    const { limitFen } = params
    const limit = limitFen === undefined ? '' : amountText(limitFen)
    return t(`reviews.codes.${code}`, { ...params, limit, defaultValue: code })
  }
}
