import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { RefundRequest } from '../../../../contract/client.ts'
import { useStaff } from '../../shell/staff.ts'
import { DecideDialog } from './DecideDialog.tsx'
import { actOf } from './words.ts'

/** What whoever is signed in can do about a wish; nothing where it is decided. */
export function RequestAction({ request }: { request: RefundRequest }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [isOpen, setOpen] = useState(false)
  const act = actOf(request, staff)
  if (request.status !== 'waiting') return null
  return (
    <>
      <Button
        size="small"
        type={act === 'decide' ? 'primary' : 'default'}
        onClick={() => setOpen(true)}
      >
        {t(`approvals.acts.${act}`)}
      </Button>
      {isOpen && <DecideDialog request={request} act={act} onClose={() => setOpen(false)} />}
    </>
  )
}
