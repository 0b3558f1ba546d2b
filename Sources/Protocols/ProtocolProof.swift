/// What a dissector was tested with.
package enum ProtocolProof: Sendable, Equatable {
    /// A capture of the shared corpus in which it names a conversation; the path is as in MANIFEST.tsv.
    case capture(String)
    /// What a real protocol stack sends, recorded in Tests/AnalysisTests/Stacks: the stack and its version.
    case stack(String)
    /// Frames built after the specification only.
    case specification
}

extension ProtocolRegistry {
    /// What the protocol of this name was tested with; `specification` unless the table says better. A test holds the table
    /// against the captures.
    package static func proof(_ name: String) -> ProtocolProof { proofs[name] ?? .specification }

    private static let proofs: [String: ProtocolProof] = [
        "ads": .capture(
            "ITI__ICS-Security-Tools/pcaps/beckoff/invokeid12.pcapng"),
        "ads-discovery": .capture(
            "ITI__ICS-Security-Tools/pcaps/beckoff/invokeid12.pcapng"),
        "ah": .capture(
            "the-tcpdump-group__tcpdump/tests/heapoverflow-ip_demux_print.pcap"),
        "amqp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/amqp.pcap"),
        "anydesk": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/tls_client_certificate_with_missing_server_one.pcapng"),
        "arp": .capture(
            "the-tcpdump-group__tcpdump/tests/getname_2_read4_asan.pcap"),
        "bacnet": .capture(
            "zeek__zeek/testing/btest/Traces/q-in-q.pcap"),
        "bfd": .capture(
            "the-tcpdump-group__tcpdump/tests/bfd_source_port_49152.pcap"),
        "bgp": .capture(
            "the-tcpdump-group__tcpdump/tests/bgp_notification_rr_msg_error.pcap"),
        "bjnp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/bjnp.pcap"),
        "browser": .capture(
            "the-tcpdump-group__tcpdump/tests/smb_print_trans-oobr2.pcap"),
        "bsap": .capture(
            "cisagov__icsnpp-bsap/testing/traces/bsap-serial_example.pcapng"),
        "c1222": .capture(
            "cisagov__icsnpp-c1222/testing/Traces/c1222_std_example8.pcap"),
        "can-eth": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/can.pcap"),
        "capwap": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/capwap_data.pcapng"),
        "cclink-ie": .capture(
            "nttcom__zeek-parser-CCLinkField-CCLinkControl/testing/Traces/cc_link_ief.pcap"),
        "cclink-ie-tsn": .capture(
            "nttcom__zeek-parser-CCLinkTSNSLMP/testing/Traces/test.pcap"),
        "cclink-ief-basic": .capture(
            "nttcom__zeek-parser-CCLinkFieldBasic/testing/Traces/cclink_ief_basic_only.pcap"),
        "cdp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/llc_vlan.pcap"),
        "channel-access": .stack("caproto 1.3.0"),
        "cn-ip": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/cnp_ip.pcapng"),
        "coap": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/coap_mqtt.pcap"),
        "dce-rpc": .capture(
            "zeek__zeek/testing/btest/Traces/dce-rpc/ntlm-empty-av-sequence.pcap"),
        "dhcp": .capture(
            "zeek__zeek/testing/btest/Traces/dhcp/dhcp_discover_param_req_and_client_id.pcap"),
        "dhcpv6": .capture(
            "the-tcpdump-group__tcpdump/tests/dhcpv6-domain-list.pcap"),
        "dlms": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/dlms.pcap"),
        "dnp3": .capture(
            "ITI__ICS-Security-Tools/pcaps/dnp3/write_binary_output.pcap"),
        "dns": .capture(
            "the-tcpdump-group__tcpdump/tests/LINKTYPE_IPV4.pcap"),
        "doip": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/doipPackets.pcapng"),
        "dtls": .capture(
            "zeek__zeek/testing/btest/Traces/tls/dtls-sequence-number-jumps.pcap"),
        "dtp": .capture(
            "the-tcpdump-group__tcpdump/tests/DTP.pcap"),
        "eapol": .capture(
            "the-tcpdump-group__tcpdump/tests/eap_extract_read2_asan.pcap"),
        "echonet-lite": .stack("pychonet 2.8.2"),
        "egd": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/egd.pcapng"),
        "eigrp": .capture(
            "the-tcpdump-group__tcpdump/tests/EIGRP_ipv6.pcap"),
        "enip": .capture(
            "ITI__ICS-Security-Tools/pcaps/openics/EIP-ControlProtocolChangeAttempt.pcap"),
        "esp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/ipsec.pcapng"),
        "ether-sbus": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/ethersbus.pcap"),
        "ether-sio": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/ethersio.pcap"),
        "ethercat": .stack("SOEM (pysoem 1.1.13)"),
        "fins": .capture(
            "cisagov__icsnpp-omron-fins/testing/traces/omron_fins_tcp_commands_responses.pcap"),
        "focas": .stack("pyfocas 0.1.1"),
        "fox": .capture(
            "ITI__ICS-Security-Tools/pcaps/fox/fox_info.pcap"),
        "ftp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/IPv4-encapsulated-IPv6.pcap"),
        "genisys": .capture(
            "cisagov__icsnpp-genisys/tests/traces/genisys.pcap"),
        "goose": .capture(
            "haolipeng__icsnpp-iec61850-goose/testing/Traces/GOOSE_missing_all_data.pcap"),
        "gre": .capture(
            "the-tcpdump-group__tcpdump/tests/erspan-type-iii-pb-1.pcap"),
        "gvcp": .stack("Aravis 0.8"),
        "hart-ip": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/hart_ip.pcap"),
        "hislip": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/hislip.pcap"),
        "hsms": .stack("secsgem 0.3.0"),
        "hsrp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/hsrp2.pcap"),
        "http": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/SllPacket.pcap"),
        "http2": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/http2.pcapng"),
        "ica": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/citrix.pcap"),
        "icmp": .capture(
            "the-tcpdump-group__tcpdump/tests/extract_read2_asan.pcap"),
        "icmpv6": .capture(
            "the-tcpdump-group__tcpdump/tests/icmpv6_nodeinfo_queryipv4.pcap"),
        "iec104": .stack("lib60870 (c104 2.2.1)"),
        "igmp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/igmpv3_query2.pcap"),
        "ike": .capture(
            "corelight__zeek-spicy-ipsec/tests/traces/ipsec-ikev1-payload-bad-length.pcap"),
        "imap": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/imap.pcap"),
        "ipmi": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/rmcp.pcap"),
        "ipp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/ipp.pcap"),
        "iso-network": .capture(
            "the-tcpdump-group__tcpdump/tests/isis_sr.pcapng"),
        "iso-on-tcp": .capture(
            "DINA-community__icsnpp-cotp/testing/Traces/cotp2.pcapng"),
        "kerberos": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/kerberos-error.pcap"),
        "knxnet-ip": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/knxip.pcapng"),
        "kuka-var-proxy": .stack("py-openshowvar 1.1.7"),
        "kv-hostlink": .stack("plc-comm-kv-hostlink 4.2.0"),
        "ldap": .capture(
            "zeek__zeek/testing/btest/Traces/ldap/ldap_search_umlaut.pcap"),
        "lldp": .capture(
            "the-tcpdump-group__tcpdump/tests/lldp_8023_mtu-oobr.pcap"),
        "llmnr": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/custom_risk_mask.pcapng"),
        "loop": .capture(
            "the-tcpdump-group__tcpdump/tests/loopback.pcap"),
        "lsv2": .stack("pyLSV2 1.8.0"),
        "lwapp": .capture(
            "the-tcpdump-group__tcpdump/tests/lwapp-data.pcap"),
        "mdns": .capture(
            "zeek__zeek/testing/btest/Traces/igmp/home-multicast-short.pcap"),
        "melsec-1e": .stack("HslCommunication 1.2.0"),
        "melsoft": .capture(
            "NozomiNetworks__blackhat23-melsoft/cve_2021_20594_username_bruteforce.pcapng"),
        "mms": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/iso9506-1-mms.pcap"),
        "modbus": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/modbusFrames.pcap"),
        "modbus-rtu": .stack("pymodbus 3.16.1"),
        "mqtt": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/mqtt.pcap"),
        "mysql": .capture(
            "seladb__PcapPlusPlus/Tests/Pcap++Test/PcapExamples/one_tcp_stream_fin_rst_close_packet.pcap"),
        "nbns": .capture(
            "nttcom__zeek-parser-CIFS-NBNS-COM/testing/Traces/test.pcap"),
        "netflow": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/netflow-fritz.pcap"),
        "nomachine": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/nomachine.pcapng"),
        "ntp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/NTPv3.pcap"),
        "onc-rpc": .capture(
            "the-tcpdump-group__tcpdump/tests/nfs-cannot-pad-32-bit.pcap"),
        "opcua": .capture(
            "cisagov__icsnpp-opcua-binary/pcaps/open62541_client-server-getEndpoints.pcap"),
        "openvpn": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/openvpn-tlscrypt.pcap"),
        "ospf": .capture(
            "the-tcpdump-group__tcpdump/tests/ospf6_decode_v3_asan.pcap"),
        "pim": .capture(
            "the-tcpdump-group__tcpdump/tests/heapoverflow-in_checksum.pcap"),
        "pop3": .capture(
            "zeek__zeek/testing/btest/Traces/pop3-unknown-commands.pcap"),
        "postgresql": .capture(
            "zeek__zeek/testing/btest/Traces/postgresql/bad-backend-message-1.pcap"),
        "pptp": .capture(
            "the-tcpdump-group__tcpdump/tests/pptp.pcap"),
        "profinet": .capture(
            "cisagov__icsnpp-profinet-io-cm/testing/traces/profinet_io_cm.pcap"),
        "profinet-io-cm": .capture(
            "cisagov__icsnpp-profinet-io-cm/testing/traces/profinet_io_cm_connect_minimal.pcapng"),
        "ptp": .capture(
            "the-tcpdump-group__tcpdump/tests/ptp_corrections.pcap"),
        "pv-access": .stack("p4p 4.3.0"),
        "quic": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/dlt_ppp.pcap"),
        "radius": .capture(
            "the-tcpdump-group__tcpdump/tests/RADIUS-port1700.pcap"),
        "rdp": .capture(
            "zeek__zeek/testing/btest/Traces/rdp/rdp-unknown-keyboard.pcap"),
        "redis": .capture(
            "zeek__zeek/testing/btest/Traces/redis/start-with-server.pcapng"),
        "rfc2217": .stack("pyserial 3.5"),
        "rip": .capture(
            "the-tcpdump-group__tcpdump/tests/ripv1v2.pcap"),
        "roc-plus": .capture(
            "cisagov__icsnpp-roc-plus/testing/traces/all_opcodes_udp.pcap"),
        "rsh": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/rsh.pcap"),
        "rsvp": .capture(
            "the-tcpdump-group__tcpdump/tests/rsvp_fast_reroute-oobr.pcap"),
        "rtp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/rtp.pcapng"),
        "rtps": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/rtps.pcap"),
        "rtsp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/rtsp_setup_http.pcapng"),
        "s5-fetch-write": .stack("HslCommunication 1.2.0"),
        "s7comm": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/s7comm_ack_data.pcap"),
        "s7comm-plus": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/tpkt_cotp.pcap"),
        "sampled-values": .capture(
            "DINA-community__icsnpp-iec61850-sv/testing/Traces/SV_Normal_Traffic.pcap"),
        "sccp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/sccp_hw_conf_register.pcapng"),
        "sflow": .capture(
            "the-tcpdump-group__tcpdump/tests/sflow_expanded.pcap"),
        "sip": .capture(
            "zeek__zeek/testing/btest/Traces/sip/sip-junk-before-request.pcap"),
        "slmp": .stack("pymcprotocol 0.3.0"),
        "slow": .capture(
            "the-tcpdump-group__tcpdump/tests/slow-ossp.pcap"),
        "slp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/srvloc-v1.pcapng"),
        "smb": .capture(
            "zeek__zeek/testing/btest/Traces/smb/smb1-logoff-andx-no-advance.pcap"),
        "smtp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/Smtp.pcap"),
        "snmp": .capture(
            "zeek__zeek/testing/btest/Traces/snmp/snmp-oid-subidentifier-too-long.pcap"),
        "socks": .capture(
            "zeek__zeek/testing/btest/Traces/socks-auth-10080.pcap"),
        "someip": .capture(
            "the-tcpdump-group__tcpdump/tests/someip2.pcap"),
        "ssdp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/IPv6UdpPacket.pcap"),
        "ssh": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/ssh_unidirectional.pcap"),
        "stp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/EthDot3.pcap"),
        "stun": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/stun_dtls_unidirectional_server.pcap"),
        "synchrophasor": .capture(
            "cisagov__icsnpp-synchrophasor/tests/traces/C37.118_1PMU_UDP_minimal.pcap"),
        "syslog": .capture(
            "zeek__zeek/testing/btest/Traces/syslog-single-udp.pcap"),
        "tank-gauge": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/atg.pcap"),
        "tds": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/mssql_tds.pcap"),
        "teamviewer": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/ossfuzz_seed_fake_traces_2.pcapng"),
        "telnet": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/telnet.pcap"),
        "teredo": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/teredo.pcap"),
        "tftp": .capture(
            "the-tcpdump-group__tcpdump/tests/tftp.pcap"),
        "tls": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/SSL-AlertClear.pcap"),
        "tns": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/oracle12.pcapng"),
        "toyopuc": .stack("plc-comm-toyopuc 4.2.0"),
        "trdp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/trdp.pcapng"),
        "ubiquiti-discovery": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/ubntac2.pcap"),
        "udld": .capture(
            "the-tcpdump-group__tcpdump/tests/udld-inf-loop-1.pcapng"),
        "vnc": .capture(
            "zeek__zeek/testing/btest/Traces/rfb/vnc-scanner.pcap"),
        "vrrp": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/VRRP-V3-IPv4.pcap"),
        "vtp": .capture(
            "the-tcpdump-group__tcpdump/tests/rpvstp-trunk-native-vid5.pcap"),
        "wake-on-lan": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/WoL.pcap"),
        "wireguard": .capture(
            "seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/WireGuard.pcap"),
        "wlan": .capture(
            "the-tcpdump-group__tcpdump/tests/reason_code-0.pcap"),
        "ws-discovery": .capture(
            "seladb__PcapPlusPlus/Tests/Pcap++Test/PcapExamples/ip6_fragments.pcap"),
        "xdmcp": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/xdmcp.pcap"),
        "zabbix": .capture(
            "ntop__nDPI/tests/cfgs/default/pcap/zabbix.pcap"),
    ]

    /// A protocol that users may look for and that is not read: no public facts were found, or nothing but a port is known.
    package struct Unsupported: Sendable {
        package let name: String
        package let title: String
        package let family: ProtocolDescription.Family
        package let reason: String
    }

    package static let unsupported: [Unsupported] = [
        Unsupported(
            name: "vnet-ip", title: "Yokogawa Vnet/IP", family: .industrial,
            reason: "Described in IEC 61158 type 17 alone; no capture and no open implementation found"),
        Unsupported(
            name: "toshiba-computer-link", title: "Toshiba computer link", family: .industrial,
            reason: "No public description for Ethernet"),
        Unsupported(
            name: "hitachi-hi-protocol", title: "Hitachi HI protocol", family: .industrial,
            reason: "Task codes without a mark of their own; no capture and no open implementation found"),
        Unsupported(
            name: "mechatrolink-4", title: "MECHATROLINK-4", family: .industrial,
            reason: "The specification is for members only"),
        Unsupported(
            name: "deltav", title: "Emerson DeltaV", family: .industrial, reason: "No public description of the frames"),
        Unsupported(
            name: "bacnet-sc", title: "BACnet/SC", family: .building,
            reason: "Encrypted (TLS): seen as TLS with the names in its handshake"),
        Unsupported(
            name: "lrp", title: "TSN link-local registration (LRP)", family: .network,
            reason: "IEEE 802.1CS: no capture and no open implementation found; LLDP and MSRP beside it are read"),
        Unsupported(
            name: "sinema-rc", title: "Siemens SINEMA Remote Connect", family: .remoteAccess,
            reason: "The plant runs the server under a name of its own: seen as OpenVPN and TLS"),
        Unsupported(
            name: "moxa-mrc", title: "Moxa Remote Connect", family: .remoteAccess,
            reason: "No public name of its servers found: seen as TLS"),
        Unsupported(
            name: "pro-face-connect", title: "Pro-face Connect", family: .remoteAccess,
            reason: "No public name of its servers found: seen as TLS"),
        Unsupported(
            name: "mitsubishi-remote-service", title: "Mitsubishi Electric remote services", family: .remoteAccess,
            reason: "No public name of their servers found: seen as TLS"),
        Unsupported(
            name: "omron-remote-service", title: "OMRON remote services", family: .remoteAccess,
            reason: "No public name of their servers found: seen as TLS"),
        Unsupported(
            name: "m2m-carriers", title: "Mobile carriers' M2M lines (IIJ, NTT, KDDI, SoftBank)", family: .remoteAccess,
            reason: "A carrier's gateway is named on the radio side alone: what runs through the line is seen as itself"
        ),
    ]
}
