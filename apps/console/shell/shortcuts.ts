import { useEffect, useRef } from 'react'

// Keys without a modifier act only where nothing is being typed, and can be switched off: WCAG 2.2, 2.1.4.

const SEQUENCE_MS = 1_000
const OFF_KEY = 'yiqiao.console.keysOff'

const actions = new Map<string, () => void>()

/** While the component stands, `keys` ("j", "?", or two in a row as in "g t") does the action. */
export function useShortcut(keys: string, action: () => void): void {
  const latest = useRef(action)
  useEffect(() => {
    latest.current = action
  })
  useEffect(() => {
    const run = () => latest.current()
    actions.set(keys, run)
    return () => {
      if (actions.get(keys) === run) actions.delete(keys)
    }
  }, [keys])
}

/** Once, in the shell: listens to the keyboard for all of them. */
export function useShortcutListener(): void {
  useEffect(() => {
    let first: { key: string; atMs: number } | null = null
    const onKeyDown = (event: KeyboardEvent) => {
      const withModifier = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k'
      const keys = withModifier ? 'mod+k' : keysOf(event, first)
      first = keys === 'g' ? { key: 'g', atMs: event.timeStamp } : null
      const action = keys === null ? undefined : actions.get(keys)
      if (!action) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

export const areKeysOn = (): boolean => localStorage.getItem(OFF_KEY) === null

export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF_KEY)
  else localStorage.setItem(OFF_KEY, 'true')
}

function keysOf(event: KeyboardEvent, first: { key: string; atMs: number } | null): string | null {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return null
  if (!areKeysOn() || isTyping(event.target) || document.querySelector('[role="dialog"]')) {
    return null
  }
  const isSecond = first !== null && event.timeStamp - first.atMs < SEQUENCE_MS
  return isSecond ? `${first.key} ${event.key}` : event.key
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest(
      'input:not([type=checkbox]):not([type=radio]), textarea, select, [role="combobox"]',
    ) !== null)
