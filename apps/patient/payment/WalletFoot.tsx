import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { places, useGo } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { payFenOf } from './story.ts'
import { useCancel } from './use-confirm.ts'
import { openWallet, takeWalletWish, walletActionOf, type WalletOutcome } from './wallet.ts'

/** The way to the wallet, which opens by itself once after the payer has agreed, and the way out. */
export function WalletFoot({ payment, isChecking }: { payment: Payment; isChecking: boolean }) {
  const { t } = useTranslation()
  const { open, outcome } = useWallet(payment)
  const [isAsking, setAsking] = useState(false)
  const cancel = useCancel(payment)
  const { id } = payment
  useEffect(() => {
    if (takeWalletWish(id)) open()
  }, [id, open])
  return (
    <>
      {outcome === 'not_here' && <p role="alert">{t('wallet.notHere')}</p>}
      {outcome === 'too_old' && <p role="alert">{t('wallet.tooOld')}</p>}
      {cancel.error && <FailureBox error={cancel.error} />}
      <button
        type="button"
        className={isChecking ? 'button' : 'button button-primary button-pay'}
        onClick={open}
        disabled={outcome === 'left'}
      >
        {t(isChecking ? 'wallet.again' : 'wallet.pay', { amount: amountText(payFenOf(payment)) })}
      </button>
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

function useWallet(payment: Payment) {
  const go = useGo()
  const [outcome, setOutcome] = useState<WalletOutcome | null>(null)
  const action = walletActionOf(payment)
  const params = action?.kind === 'wechat_jsapi' ? action.params : null
  const { hospitalId, id } = payment
  const open = useCallback(() => {
    if (!params) return setOutcome('not_here')
    const returnUrl = new URL(window.location.href)
    returnUrl.search = '?from=wallet'
    void openWallet(params, returnUrl.href).then(
      (reached) => {
        setOutcome(reached)
        if (reached === 'came_back') {
          void go(places.payment(hospitalId, id, { from: 'wallet' }), { replace: true })
        }
      },
      () => setOutcome('not_here'),
    )
  }, [params, hospitalId, id, go])
  return { open, outcome }
}
