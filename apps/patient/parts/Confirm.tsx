import { type ReactNode, useEffect, useRef } from 'react'

/**
 * Asks once more before something ends. The browser's own dialog, which holds the focus, gives it back and
 * closes with Escape: antd-mobile's does none of that.
 */
export function Confirm({ title, children, yes, no, onYes, onNo }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="confirm" aria-label={title} onClose={onNo}>
      <h2>{title}</h2>
      <p>{children}</p>
      <div className="button-row">
        <button type="button" className="button" onClick={onNo}>
          {no}
        </button>
        <button type="button" className="button button-primary" onClick={onYes}>
          {yes}
        </button>
      </div>
    </dialog>
  )
}

type ConfirmProps = {
  title: string
  children: ReactNode
  yes: string
  no: string
  onYes: () => void
  onNo: () => void
}
