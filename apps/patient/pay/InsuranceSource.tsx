import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { places, useGo, type Wishes } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Toggle } from '../parts/Toggle.tsx'
import { Reasons } from './Reasons.tsx'
import { codeOf, type Source } from './source-words.ts'

/** The switch of the personal account where the medical insurance pays, and the reason where it does not. */
export function InsuranceSource({ insurance, payment, wishes }: InsuranceProps) {
  return insurance.available ? (
    <>
      <Reasons source={insurance} />
      <PersonalAccount insurance={insurance} payment={payment} wishes={wishes} />
    </>
  ) : (
    <NoInsurance code={codeOf(insurance)} />
  )
}

type InsuranceProps = { insurance: Source; payment: Payment; wishes: Wishes }

function NoInsurance({ code }: { code: string }) {
  const { t } = useTranslation()
  return (
    <div className="held-row">
      <p>
        <Icon name="still" />
        <span>
          {t([`pay.noInsurance.${code}`, 'pay.noInsurance.refused'])}
          <br />
          {t('pay.payAllSelf')}
        </span>
      </p>
    </div>
  )
}

function PersonalAccount({ insurance, payment, wishes }: InsuranceProps) {
  const { t } = useTranslation()
  const go = useGo()
  const { account: _account, ...others } = wishes
  const isUsed = wishes.account !== 'off'
  const account = insurance.reasons.find((reason) => reason.code === 'account')
  if (isUsed && !account) return null // there is none, or nothing in it
  if (payment.byCarer) return null // it is the patient's own to spend
  const leftFen = Number(account?.params.leftFen ?? 0)
  const use = (isOn: boolean) => {
    const wanted: Wishes = isOn ? others : { ...others, account: 'off' }
    void go(places.pay(payment.hospitalId, payment.bills, wanted), { replace: true })
  }
  return (
    <div className="account">
      <Toggle label={t('pay.useAccount')} isOn={isUsed} onChange={use} />
      {isUsed && <p className="note">{t('pay.accountLeft', { left: amountText(leftFen) })}</p>}
    </div>
  )
}
