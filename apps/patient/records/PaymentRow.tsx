import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { StateChip } from '../payment/StateChip.tsx'

/** One payment in a list: where, for what, when, how much, and how it stands. */
export function PaymentRow({ payment }: { payment: Payment }) {
  const hospital = useHospitalName(payment.hospitalId, 'shortName')
  const [first] = payment.bills
  return (
    <li>
      <Go place={places.payment(payment.hospitalId, payment.id)} className="row payment-row">
        <span>
          <span className="visit-title">{first?.title ?? payment.paymentNo}</span>
          <Amount fen={payment.totalFen} />
        </span>
        <span>
          <span className="fine-print pieces">
            <span>{hospital}</span>
            <Moment at={payment.paidAt ?? payment.createdAt} />
          </span>
          <StateChip payment={payment} />
        </span>
      </Go>
    </li>
  )
}
