// Notifications, bottom right. Good news is a status, bad news an alert.
import type { JSX } from "preact";
import type { Toast } from "../state/toasts";
import { CheckIcon, CrossIcon, WarnIcon } from "./icons";

export function Toasts(props: { toasts: readonly Toast[]; onClose: (id: number) => void }): JSX.Element {
  return (
    <div class="toasts">
      {props.toasts.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone}`} role={toast.tone === "good" ? "status" : "alert"} data-testid="toast">
          {toast.tone === "good" ? <CheckIcon /> : <WarnIcon />}
          <p>
            <span class="what">{toast.text}</span>
            {toast.reason !== null && <span class="why">{toast.reason}</span>}
          </p>
          <button type="button" class="close" aria-label="Close this notification" onClick={() => props.onClose(toast.id)}><CrossIcon /></button>
        </div>
      ))}
    </div>
  );
}
