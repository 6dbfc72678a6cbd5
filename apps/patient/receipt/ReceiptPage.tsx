import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { partsOf } from '../../web/tenders.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { useMe } from '../parts/me.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { useChannelName } from '../payment/channel-name.ts'
import { backParts } from '../payment/refund-parts.ts'
import { doneRefundsOf } from '../payment/story.ts'
import { usePayment } from '../payment/use-payment.ts'
import { Page } from '../shell/Page.tsx'
import { Proof } from './Proof.tsx'
import { ProofCode } from './ProofCode.tsx'

/** Proof of a payment, to be shown or printed: on A4, or on the 80 mm roll of a kiosk. */
export function ReceiptPage({ hospitalId, id }: { hospitalId: number; id: string }) {
  const { t } = useTranslation()
  const { data: payment, error, refetch } = usePayment(hospitalId, id)
  return (
    <Page
      title={t('receipt.title')}
      back={places.payment(hospitalId, id)}
      foot={
        payment?.status === 'succeeded' && (
          <button type="button" className="button button-primary" onClick={() => window.print()}>
            <Icon name="print" /> {t('receipt.print')}
          </button>
        )
      }
    >
      {!payment && error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!payment && !error && <Waiting rows={8} />}
      {payment && payment.status !== 'succeeded' && <p className="blank">{t('receipt.notYet')}</p>}
      {payment?.status === 'succeeded' && <Receipt payment={payment} />}
      {payment?.status === 'succeeded' && <Proof payment={payment} />}
    </Page>
  )
}

function Receipt({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const hospital = useHospitalName(payment.hospitalId)
  const me = useMe()
  const nameOf = useChannelName(payment)
  return (
    <article className="card receipt">
      <header>
        <h2>{hospital}</h2>
        <p>{t('receipt.heading')}</p>
      </header>
      <dl className="facts">
        <Fact name={t('receipt.patient')}>{me?.name ?? ''}</Fact>
        <Fact name={t('payment.no')}>
          <span className="number">{payment.paymentNo}</span>
        </Fact>
        <Fact name={t('payment.paidAt')}>
          <Moment at={payment.paidAt ?? payment.succeededAt} form="exact" />
        </Fact>
      </dl>
      {payment.bills.map((bill) => (
        <BillTable key={bill.billNo} bill={bill} />
      ))}
      <dl className="facts receipt-sums">
        <Fact name={t('pay.total')}>
          <strong>
            <Amount fen={payment.totalFen} />
          </strong>
        </Fact>
        {partsOf(payment.tenders).map(({ kind, amountFen }) => (
          <Fact key={kind} name={t(`common:parts.${kind}`)}>
            <Amount fen={amountFen} />
          </Fact>
        ))}
        {backParts(doneRefundsOf(payment)).map(({ provider, kind, amountFen }) => (
          <Fact
            key={`${provider} ${kind}`}
            name={
              amountFen > 0
                ? t(`refund.back.${kind}`, { channel: nameOf(provider) })
                : t('refund.more', { part: t(`common:parts.${kind}`) })
            }
          >
            <Amount fen={0 - amountFen} />
          </Fact>
        ))}
      </dl>
      <ProofCode payment={payment} />
      <p className="fine-print">{t('receipt.note')}</p>
    </article>
  )
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function BillTable({ bill }: { bill: Payment['bills'][number] }) {
  const { t } = useTranslation()
  return (
    <table className="receipt-lines">
      <caption>
        {bill.title}
        {bill.receiptNo !== null && (
          <span className="number">
            {t('receipt.no')} {bill.receiptNo}
          </span>
        )}
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('receipt.item')}</th>
          <th scope="col">{t('receipt.quantity')}</th>
          <th scope="col">{t('receipt.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {bill.lines.map((line) => (
          <tr key={line.lineNo}>
            <td>{line.name}</td>
            <td>
              {line.quantity} {line.unit}
            </td>
            <td>
              <Amount fen={line.amountFen} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
