import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useEffectEvent, useState } from "react";

const TYPING_MS = 250;

interface SearchFieldProps {
  label: string;
  value: string;
  /** Called once the typing pauses, with what was typed. */
  onSearch: (typed: string) => void;
  className?: string;
}

/** Narrows a list by a text, without a request for every letter. */
export function SearchField({ label, value, onSearch, className }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => {
      search(typed);
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, value]);
  return (
    <Input
      className={className}
      prefix={<SearchOutlined />}
      aria-label={label}
      placeholder={label}
      value={typed}
      allowClear
      onChange={(event) => {
        setTyped(event.target.value.trim());
      }}
    />
  );
}
