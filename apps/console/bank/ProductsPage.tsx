import { Skeleton } from 'antd'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { percentText } from '../channels/ratio.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { LenderProduct } from './model.ts'
import { useProducts } from './names.ts'
import { Scroll } from './Scroll.tsx'
import { LOOK_OF, useBankWords } from './words.ts'

/** What the lender offers, each way of repayment with its yearly rate beside it as people are shown it. */
export function ProductsPage() {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const { data, error, refetch } = useProducts(lenderId)
  usePageTitle(t('products.title'))
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('products.title')}</h1>
      </header>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data?.items.length === 0 && <Empty text={t('products.empty')} />}
      {data?.items.map((product) => (
        <ProductCard key={product.productId} product={product} />
      ))}
    </div>
  )
}

function ProductCard({ product }: { product: LenderProduct }) {
  const { t, i18n } = useBankWords()
  const id = `product-${product.productId}`
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>
          {i18n.language === 'en' ? product.name.en : product.name.zh}{' '}
          <span className="fine">
            {t(`kinds.${product.kind}`)} · {product.productId}
          </span>
        </h2>
        <StatusChip
          {...LOOK_OF.product[product.status]}
          text={t(`statuses.product.${product.status}`)}
        />
      </div>
      <Terms product={product} />
      <Ways product={product} />
      <Bands bands={product.bands} />
    </section>
  )
}

function Terms({ product }: { product: LenderProduct }) {
  const { t } = useBankWords()
  const facts: [string, string][] = [
    [t('products.limits'), `${amountText(product.leastFen)} – ${amountText(product.mostFen)}`],
    [t('products.freeDays'), t('products.days', { count: product.freeDays })],
    [
      t('products.ages'),
      t('products.years', { least: product.minAgeYears, most: product.maxAgeYears }),
    ],
    [t('products.penalty'), t('products.penaltyTimes', { times: timesText(product.penaltyPpm) })],
    [t('products.cap'), percentText(product.aprCapPpm)],
    [t('products.consent'), product.consentVersion],
  ]
  return (
    <dl className="bank-facts bank-facts-row">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** 1_500_000 parts per million are "1.5" times. */
const timesText = (ppm: number): string => {
  const rest = String(ppm % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${Math.trunc(ppm / 1_000_000)}${rest === '' ? '' : `.${rest}`}`
}

function Ways({ product }: { product: LenderProduct }) {
  const { t } = useBankWords()
  const principal = amountText(product.leastFen)
  return (
    <Scroll label={t('products.ways')}>
      <table className="data-table">
        <caption className="visually-hidden">{t('products.ways')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('way')}</th>
            <th scope="col" className="is-number">
              {t('products.rate')}
            </th>
            <th scope="col" className="is-number">
              {t('products.apr')}
            </th>
            <th scope="col" className="is-number on-wide-only">
              {t('products.example', { principal })}
            </th>
            <th scope="col" className="is-number on-wide-only">
              {t('products.total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {product.ways.map((way) => (
            <WayRow key={way.way} way={way} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function WayRow({ way }: { way: LenderProduct['ways'][number] }) {
  const { t } = useBankWords()
  return (
    <tr>
      <th scope="row">
        {t(`ways.${way.way}`)}{' '}
        {way.periods > 1 && <span className="fine">{t('periods', { count: way.periods })}</span>}
      </th>
      <td className="is-number">
        {way.feePpm > 0
          ? t('products.feeEach', { rate: percentText(way.feePpm) })
          : percentText(way.yearlyRatePpm)}
      </td>
      <td className="is-number">
        {way.aprPpm === null ? (
          <StatusChip tone="bad" icon="missing" text={t('products.refused')} />
        ) : (
          <>
            <strong>{percentText(way.aprPpm)}</strong>{' '}
            {way.aprCompoundPpm !== null && way.aprCompoundPpm !== way.aprPpm && (
              <span className="fine">
                {t('products.compound')} {percentText(way.aprCompoundPpm)}
              </span>
            )}
          </>
        )}
      </td>
      <td className="is-number on-wide-only">
        <Amount fen={way.example?.costFen ?? null} reason={t('products.refused')} />
      </td>
      <td className="is-number on-wide-only">
        <Amount fen={way.example?.totalFen ?? null} reason={t('products.refused')} />
      </td>
    </tr>
  )
}

function Bands({ bands }: Pick<LenderProduct, 'bands'>) {
  const { t } = useBankWords()
  return (
    <>
      <h3 className="bank-title">{t('products.bands')}</h3>
      <ul className="bank-bands">
        {bands.map(({ fromScore, limitFen }) => (
          <li key={fromScore}>
            <span>{t('reviews.band', { score: fromScore })}</span>
            <Amount fen={limitFen} />
          </li>
        ))}
      </ul>
    </>
  )
}
