// Small drawings; they say nothing to screen readers, the words beside them do.
import type { ComponentChildren, JSX } from "preact";

function Icon(props: { children: ComponentChildren; class?: string }): JSX.Element {
  return (
    <svg class={`icon ${props.class ?? ""}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      {props.children}
    </svg>
  );
}

export function SyncIcon(props: { spinning?: boolean }): JSX.Element {
  return (
    <Icon class={props.spinning === true ? "spin" : ""}>
      <path d="M13.2 8a5.2 5.2 0 1 1-1.6-3.75" />
      <path d="M13.4 1.9v2.9h-2.9" />
    </Icon>
  );
}

export function CheckIcon(): JSX.Element {
  return <Icon><path d="M3 8.6l3.2 3.2L13 4.6" /></Icon>;
}

export function CrossIcon(): JSX.Element {
  return <Icon><path d="M4 4l8 8M12 4l-8 8" /></Icon>;
}

export function WarnIcon(): JSX.Element {
  return <Icon><path d="M8 2.2L14.4 13.4H1.6z" /><path d="M8 6.6v3M8 11.4v.1" /></Icon>;
}

export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" class="mark-ground" />
      <path d="M6 11.5l5.5 2.5 5 3.5 5.5 4" class="mark-line" />
      <circle cx="24.5" cy="10" r="3" class="mark-dot" />
    </svg>
  );
}
