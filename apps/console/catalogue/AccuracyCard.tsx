import { useTranslation } from 'react-i18next'

import { addDays, businessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useStaff } from '../shell/staff.ts'

const DAYS = 30

/** How far estimates were from what the insurer settled, over the thirty days up to the date shown. */
export function AccuracyCard() {
  const { t } = useTranslation('catalogue')
  const { hospitalId } = useStaff()
  const to = useBusinessDate()
  const from = addDays(businessDate(to), 1 - DAYS)
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/catalogue/estimate-accuracy',
    { params: { path: { hospitalId }, query: { from, to } } },
  )
  return (
    <section className="card" aria-labelledby="accuracy-title">
      <h2 id="accuracy-title">{t('accuracy.title')}</h2>
      <p className="fine">{t('desk.days', { from, to })}</p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <span className="bone" />}
      {data?.items.length === 0 && <p>{t('desk.noSettlements')}</p>}
      {data && data.items.length > 0 && <Figures items={data.items} />}
    </section>
  )
}

const FIGURES = [
  'averageTotalFen',
  'averageCashFen',
  'averageCashOffFen',
  'averageFundOffFen',
  'averageScopeOffFen',
  'worstCashOffFen',
] as const

type Measured = Record<(typeof FIGURES)[number] | 'settlements' | 'exact', number> & {
  insutype: string
}

function Figures({ items }: { items: readonly Measured[] }) {
  const { t } = useTranslation('catalogue')
  return (
    <div className="table-frame">
      <table className="data-table">
        <caption className="visually-hidden">{t('accuracy.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('desk.insutype')}</th>
            <th scope="col" className="is-number">
              {t('desk.settlements')}
            </th>
            <th scope="col" className="is-number">
              {t('desk.exact')}
            </th>
            {FIGURES.map((figure) => (
              <th key={figure} scope="col" className="is-number">
                {t(`desk.figures.${figure}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((measured) => (
            <tr key={measured.insutype}>
              <td>{t(`desk.insutypes.${measured.insutype}`, measured.insutype)}</td>
              <td className="is-number">{measured.settlements}</td>
              <td className="is-number">{measured.exact}</td>
              {FIGURES.map((figure) => (
                <td key={figure} className="is-number">
                  <Amount fen={measured[figure]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
