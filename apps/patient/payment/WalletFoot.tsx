import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { places, useGo } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useChannelName } from './channel-name.ts'
import { useDemoWallet } from './demo-wallet.ts'
import { payerTenderOf, payFenOf } from './story.ts'
import { useCancel } from './use-confirm.ts'
import {
  openWallet,
  type PayerAction,
  takeWalletWish,
  walletActionOf,
  type WalletOutcome,
} from './wallet.ts'

/** The way to the wallet, which opens by itself once after the payer has agreed, and the way out. */
export function WalletFoot({ payment, isChecking }: { payment: Payment; isChecking: boolean }) {
  const action = walletActionOf(payment)
  return (
    <>
      {action && action.kind !== 'qr_code' && (
        <OpenWallet payment={payment} action={action} isChecking={isChecking} />
      )}
      <Cancel payment={payment} />
    </>
  )
}

function OpenWallet({ payment, action, isChecking }: OpenWalletProps) {
  const { t } = useTranslation()
  const channel = useChannelName(payment)(payerTenderOf(payment)?.provider ?? '')
  const { open, outcome } = useWallet(payment, action)
  return (
    <>
      {outcome === 'not_here' && (
        <p role="alert">
          {t(action.kind === 'app' ? 'wallet.noApp' : 'wallet.notHere', { channel })}
        </p>
      )}
      {outcome === 'too_old' && <p role="alert">{t('wallet.tooOld')}</p>}
      <button
        type="button"
        className={isChecking ? 'button' : 'button button-primary button-pay'}
        onClick={open}
        disabled={outcome === 'left'}
      >
        {t(isChecking ? 'wallet.again' : 'wallet.pay', {
          channel,
          amount: amountText(payFenOf(payment)),
        })}
      </button>
    </>
  )
}

type OpenWalletProps = { payment: Payment; action: PayerAction; isChecking: boolean }

function Cancel({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const cancel = useCancel(payment)
  return (
    <>
      {cancel.error && <FailureBox error={cancel.error} />}
      <button
        type="button"
        className="button button-plain"
        disabled={cancel.isPending}
        onClick={() => setAsking(true)}
      >
        {cancel.isPending ? t('wallet.cancelling') : t('wallet.cancel')}
      </button>
      {isAsking && (
        <Confirm
          title={t('wallet.cancel')}
          yes={t('wallet.cancelYes')}
          no={t('wallet.cancelNo')}
          onYes={() => {
            setAsking(false)
            cancel.mutate()
          }}
          onNo={() => setAsking(false)}
        >
          {t('wallet.cancelNote')}
        </Confirm>
      )}
    </>
  )
}

function useWallet(payment: Payment, action: PayerAction) {
  const { hospitalId, id } = payment
  const go = useGo()
  const demo = useDemoWallet(action.kind === 'wechat_jsapi' && !window.WeixinJSBridge)
  const [outcome, setOutcome] = useState<WalletOutcome | null>(null)
  const provider = payerTenderOf(payment)?.provider ?? ''
  const open = useCallback(() => {
    void openWallet({ provider, action }, demo.url).then(
      (reached) => {
        setOutcome(reached)
        if (reached === 'came_back') {
          void go(places.payment(hospitalId, id, { from: 'wallet' }), { replace: true })
        }
      },
      () => setOutcome('not_here'),
    )
  }, [provider, action, demo.url, hospitalId, id, go])
  useEffect(() => {
    if (demo.isKnown && takeWalletWish(id)) open()
  }, [demo.isKnown, id, open])
  useEffect(() => {
    // The browser shows the page as it was left when the payer goes back.
    const onShow = ({ persisted }: PageTransitionEvent) => persisted && setOutcome(null)
    window.addEventListener('pageshow', onShow)
    return () => window.removeEventListener('pageshow', onShow)
  }, [])
  return { open, outcome }
}
