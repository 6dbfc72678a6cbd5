import { Link, useNavigate } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { shortPercentText } from '../channels/ratio.ts'
import { Chart } from '../charts/Chart.tsx'
import { Empty } from '../list/Empty.tsx'
import { oneOf } from '../search/params.ts'
import { ageingOption } from './chart-options.ts'
import { BUCKETS, type PortfolioFigures, ppmOf } from './model.ts'
import { useBankWords } from './words.ts'

/** Open principal by days overdue: a picture and the table it is drawn from, each row a link to its loans. */
export function AgeingCard({ now }: { now: PortfolioFigures | undefined }) {
  const { t } = useBankWords()
  return (
    <section className="card card-wide" aria-labelledby="ageing-title">
      <h2 id="ageing-title">{t('overview.ageing.title')}</h2>
      {!now && <Skeleton active paragraph={{ rows: 6 }} />}
      {now?.openLoans === 0 && <Empty text={t('overview.ageing.empty')} />}
      {now && now.openLoans > 0 && (
        <div className="flow">
          <AgeingPicture now={now} />
          <AgeingTable now={now} />
        </div>
      )}
    </section>
  )
}

function AgeingPicture({ now }: { now: PortfolioFigures }) {
  const { t } = useBankWords()
  const navigate = useNavigate()
  const show = ({ dataIndex }: { dataIndex: number }) => {
    const bucket = oneOf(BUCKETS, now.buckets[dataIndex]?.name)
    if (bucket) void navigate({ to: '/bank/loans', search: { bucket } })
  }
  return (
    <Chart
      label={t('overview.ageing.label')}
      option={ageingOption(now.buckets, (name) => t(`buckets.${name}`))}
      onPick={show}
    />
  )
}

function AgeingTable({ now }: { now: PortfolioFigures }) {
  const { t } = useBankWords()
  return (
    <table className="data-table">
      <thead>
        <tr>
          <th scope="col">{t('overview.ageing.bucket')}</th>
          <th scope="col" className="is-number">
            {t('overview.ageing.loans')}
          </th>
          <th scope="col" className="is-number">
            {t('overview.ageing.principal')}
          </th>
          <th scope="col" className="is-number">
            {t('overview.ageing.share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {now.buckets.map(({ name, loans, principalFen }) => {
          const bucket = oneOf(BUCKETS, name)
          return (
            <tr key={name}>
              <td>
                {bucket ? (
                  <Link to="/bank/loans" search={{ bucket }}>
                    {t(`buckets.${name}`)}
                  </Link>
                ) : (
                  name
                )}
              </td>
              <td className="is-number">{loans}</td>
              <td className="is-number">
                <Amount fen={principalFen} />
              </td>
              <td className="is-number">
                {shortPercentText(ppmOf(principalFen, now.principalFen))}
              </td>
            </tr>
          )
        })}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('overview.ageing.sum')}</th>
          <td className="is-number">{now.openLoans}</td>
          <td className="is-number">
            <Amount fen={now.principalFen} />
          </td>
          <td />
        </tr>
      </tfoot>
    </table>
  )
}
