import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import type { IconName } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import { PlanBar } from './PlanBar.tsx'

type Tender = Payment['tenders'][number]

const LOOK_OF_TENDER: Record<Tender['status'], { tone: Tone; icon: IconName }> = {
  planned: { tone: 'plain', icon: 'clock' },
  holding: { tone: 'held', icon: 'help' },
  held: { tone: 'held', icon: 'check' },
  asked: { tone: 'held', icon: 'help' },
  ordered: { tone: 'held', icon: 'clock' },
  taken: { tone: 'good', icon: 'check' },
  declined: { tone: 'bad', icon: 'cross' },
  released: { tone: 'plain', icon: 'undo' },
}

/** The plan, and what each provider has taken and given back of it. */
export function Tenders({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const { tenders } = payment
  return (
    <section className="card" aria-labelledby="tenders-title">
      <h2 id="tenders-title">{t('tenders.title')}</h2>
      <PlanBar payment={payment} />
      <div className="table-frame">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">{t('moves.provider')}</th>
              <th scope="col">{t('payments.status')}</th>
              <th scope="col" className="is-number">
                {t('tenders.planned')}
              </th>
              <th scope="col" className="is-number">
                {t('tenders.taken')}
              </th>
              <th scope="col" className="is-number">
                {t('tenders.returned')}
              </th>
            </tr>
          </thead>
          <tbody>
            {tenders.map((tender) => (
              <TenderRow key={tender.tenderNo} tender={tender} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {t('plan.total')}
              </th>
              <td className="is-number">
                <Amount fen={sumFen(tenders, (x) => x.amountFen)} />
              </td>
              <td className="is-number">
                <Amount fen={sumFen(tenders, (x) => x.takenFen)} />
              </td>
              <td className="is-number">
                <Returned fen={sumFen(tenders, (x) => x.returnedFen)} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

function TenderRow({ tender }: { tender: Tender }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  return (
    <tr>
      <td>
        <span className="two-lines">
          {nameOf(tender.provider)}
          {tender.providerNo && <CopyText text={tender.providerNo} />}
          {tender.takenAt && (
            <span className="fine">
              <Moment at={tender.takenAt} form="exact" />
            </span>
          )}
        </span>
      </td>
      <td>
        <StatusChip
          {...LOOK_OF_TENDER[tender.status]}
          text={t(`tenders.statuses.${tender.status}`)}
        />
      </td>
      <td className="is-number">
        <Amount fen={tender.amountFen} />
      </td>
      <td className="is-number">
        <Amount fen={tender.takenFen} />
      </td>
      <td className="is-number">
        <Returned fen={tender.returnedFen} />
      </td>
    </tr>
  )
}

const Returned = ({ fen }: { fen: number }) =>
  fen === 0 ? <Amount fen={0} /> : <Amount fen={fen} flow="out" />
