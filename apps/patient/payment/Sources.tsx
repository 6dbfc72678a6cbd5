import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { places, useGo, type Wishes } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Toggle } from '../parts/Toggle.tsx'

/**
 * What those said who might pay a part: the switch of the personal account where the insurance pays, the reason
 * where it does not, and whoever did not answer in time.
 */
export function Sources({ payment, wishes }: SourcesProps) {
  const silent = payment.sources.filter((source) => isSilent(source))
  const insurance = payment.sources.find((source) => source.provider === 'insurance')
  return (
    <>
      {silent.map((source) => (
        <SilentSource key={source.provider} source={source} payment={payment} wishes={wishes} />
      ))}
      {insurance?.available && (
        <PersonalAccount insurance={insurance} payment={payment} wishes={wishes} />
      )}
      {insurance && !insurance.available && !isSilent(insurance) && (
        <NoInsurance code={codeOf(insurance)} />
      )}
    </>
  )
}

type SourcesProps = { payment: Payment; wishes: Wishes }
type Source = Payment['sources'][number]

const codeOf = (source: Source): string => source.reasons[0]?.code ?? 'refused'

/** Nobody said no: there was no answer, and there may be one at another try. */
const isSilent = (source: Source): boolean =>
  !source.available && /(^|_)(unavailable|timeout|timed_out|silent|too_slow)$/.test(codeOf(source))

function SilentSource({ source, payment, wishes }: SourcesProps & { source: Source }) {
  const { t } = useTranslation()
  const go = useGo()
  const { provider } = source
  const name = t(`common:providers.${provider}`, { defaultValue: provider })
  return (
    <div className="held-row">
      <p>
        <Icon name="clock" />
        <span>
          {t('pay.sourceSilent', { source: name })}
          <br />
          {t('pay.payOrWait')}
        </span>
      </p>
      <button
        type="button"
        className="button"
        onClick={() =>
          void go(places.pay(payment.hospitalId, payment.bills, wishes), { replace: true })
        }
      >
        {t('pay.askAgain', { source: name })}
      </button>
    </div>
  )
}

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

function PersonalAccount({ insurance, payment, wishes }: SourcesProps & { insurance: Source }) {
  const { t } = useTranslation()
  const go = useGo()
  const { account: _account, ...others } = wishes
  const isUsed = wishes.account !== 'off'
  const account = insurance.reasons.find((reason) => reason.code === 'account')
  if (isUsed && !account) return null // there is none, or nothing in it
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
