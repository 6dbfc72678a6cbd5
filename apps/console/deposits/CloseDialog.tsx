import { Button, Modal } from 'antd'

import { amountText } from '../../web/amount.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import type { Account } from './model.ts'
import { useGiveBack } from './use-deposits.ts'
import { useDepositWords } from './words.ts'

type CloseDialogProps = { account: Account; onClose: () => void }

/** At discharge: nothing more is taken in or drawn, and what is left is listed to go back the way it came. */
export function CloseDialog({ account, onClose }: CloseDialogProps) {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const path = { hospitalId, id: account.id }
  const close = useGiveBack(path, { words: t('close.done'), onDone: onClose })
  const amount = amountText(account.freeFen)
  return (
    <Modal
      open
      title={t('close.open')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <p>{t('close.hint', { amount })}</p>
        <p className="fine">{t('close.second')}</p>
        {close.error !== null && <Fault error={close.error} />}
        <Button danger loading={close.isPending} onClick={() => close.mutate()}>
          {t('close.act', { amount })}
        </Button>
      </div>
    </Modal>
  )
}
